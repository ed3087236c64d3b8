//! Takes connections up: so many at a time, encrypted where a certificate is set. Whoever does not shake hands holds nobody else up.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::FutureExt;
use poem::http::uri::Scheme;
use poem::listener::Acceptor;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// What is waited when the system has no connection to give, such as without free files: asking at once would only burn the processor.
const PAUSE: Duration = Duration::from_millis(100);

/// Takes connections up.
pub(super) struct Door {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    room: Arc<Semaphore>,
}

impl Door {
    /// Listens at `address`, with `most` connections at a time; others wait with the system.
    pub(super) async fn open(address: SocketAddr, most: usize, tls: Option<Arc<ServerConfig>>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            tls: tls.map(TlsAcceptor::from),
            room: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
        })
    }

    /// The address, whose port the system may have chosen.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Acceptor for Door {
    type Io = Connection;

    fn local_addr(&self) -> Vec<LocalAddr> {
        vec![LocalAddr(self.address.into())]
    }

    async fn accept(&mut self) -> io::Result<(Connection, LocalAddr, RemoteAddr, Scheme)> {
        let permit = Arc::clone(&self.room).acquire_owned().await.map_err(io::Error::other)?;
        let (stream, peer) = loop {
            match self.listener.accept().await {
                Ok(accepted) => break accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken up");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        // Answers are small and written whole: waiting for more to send would only make them late.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays slow");
        }
        let (state, scheme) = match &self.tls {
            None => (State::Plain(stream), Scheme::HTTP),
            Some(tls) => {
                let late = Box::pin(tokio::time::sleep(HANDSHAKE));
                (State::Shaking(Box::new(tls.accept(stream)), late), Scheme::HTTPS)
            }
        };
        let connection = Connection { state, _room: permit };
        Ok((
            connection,
            LocalAddr(self.address.into()),
            RemoteAddr(peer.into()),
            scheme,
        ))
    }
}

/// One connection; its room is given back with it.
pub(super) struct Connection {
    state: State,
    _room: OwnedSemaphorePermit,
}

enum State {
    Plain(TcpStream),
    Shaking(Box<Accept<TcpStream>>, Pin<Box<Sleep>>),
    Secret(Box<TlsStream<TcpStream>>),
    Failed,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Connection {
    /// The stream, after the handshake.
    fn poll_stream(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Pin<&mut dyn Stream>>> {
        if let State::Shaking(accept, late) = &mut self.state {
            let shaken = match accept.poll_unpin(cx) {
                Poll::Pending => {
                    ready!(late.poll_unpin(cx));
                    Err(io::ErrorKind::TimedOut.into())
                }
                Poll::Ready(shaken) => shaken,
            };
            match shaken {
                Ok(stream) => self.state = State::Secret(Box::new(stream)),
                Err(error) => {
                    self.state = State::Failed;
                    return Poll::Ready(Err(error));
                }
            }
        }
        Poll::Ready(match &mut self.state {
            State::Plain(stream) => Ok(Pin::new(stream)),
            State::Secret(stream) => Ok(Pin::new(&mut **stream)),
            State::Shaking(..) | State::Failed => Err(io::ErrorKind::ConnectionAborted.into()),
        })
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_stream(cx))?.poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_stream(cx))?.poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_stream(cx))?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &self.state {
            // There is nobody to say farewell to yet.
            State::Shaking(..) | State::Failed => Poll::Ready(Ok(())),
            _ => ready!(self.poll_stream(cx))?.poll_shutdown(cx),
        }
    }
}
