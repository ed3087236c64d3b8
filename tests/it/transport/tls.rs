//! Encryption by the server itself: what it speaks, what it refuses, and a certificate that is replaced while it runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;
use tests::db::{Holding, TestDb};
use tests::program::Running;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::program::plumbline;

/// A certificate of its own making, in files.
struct Pair {
    folder: TempDir,
    certificate: CertificateDer<'static>,
}

impl Pair {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificate = Self::write(folder.path());
        Self { folder, certificate }
    }

    fn write(folder: &Path) -> CertificateDer<'static> {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
        std::fs::write(folder.join("certificate.pem"), cert.pem()).unwrap();
        cert.der().clone()
    }

    /// Replaces the files by another certificate.
    fn replace(&mut self) -> CertificateDer<'static> {
        std::mem::replace(&mut self.certificate, Self::write(self.folder.path()))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn serve(&self, db: &TestDb) -> Running {
        plumbline(["serve", "--listen", "127.0.0.1:0", "--database-url", db.url()])
            .env(
                "PLUMBLINE_TLS__CERTIFICATE",
                self.file("certificate.pem").to_str().unwrap(),
            )
            .env("PLUMBLINE_TLS__KEY", self.file("key.pem").to_str().unwrap())
            .start()
    }
}

/// The answer to a GET, from whoever proves to have this certificate.
async fn get(address: &str, path: &str, certificate: &CertificateDer<'static>) -> std::io::Result<String> {
    let mut trusted = RootCertStore::empty();
    trusted.add(certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).to_lowercase())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_encrypts_by_itself() {
    let (db, pair) = (TestDb::sqlite(Holding::Figures), Pair::new());
    let mut server = pair.serve(&db);
    let address = server.address();
    let answer = get(&address, "/health/live", &pair.certificate).await.unwrap();
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    // Whoever does not speak TLS gets nothing, and whoever says nothing holds nobody up.
    let mut plain = TcpStream::connect(&address).await.unwrap();
    plain
        .write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!String::from_utf8_lossy(&answer).contains("live"));
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(&address).await.unwrap());
    }
    assert!(get(&address, "/health/live", &pair.certificate).await.is_ok());
    // Another certificate than its own is nobody's.
    assert!(get(&address, "/health/live", &Pair::new().certificate).await.is_err());
    server.terminate();
    assert_eq!(server.end().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_taken_and_a_broken_one_is_not() {
    let (db, mut pair) = (TestDb::sqlite(Holding::Tables), Pair::new());
    let mut server = pair.serve(&db);
    let address = server.address();
    let old = pair.replace();
    assert!(
        get(&address, "/health/live", &old).await.is_ok(),
        "nobody has said that it changed"
    );
    server.signal("-HUP");
    let end = Instant::now() + Duration::from_secs(20);
    while get(&address, "/health/live", &pair.certificate).await.is_err() {
        assert!(Instant::now() < end, "the new certificate is not taken");
    }
    assert!(get(&address, "/health/live", &old).await.is_err());
    std::fs::write(pair.file("certificate.pem"), "no certificate").unwrap();
    server.signal("-HUP");
    // Long enough for the signal to be heard, which the log says below.
    for _ in 0..10 {
        assert!(get(&address, "/health/live", &pair.certificate).await.is_ok());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    server.terminate();
    let said = server.end();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(said.err.contains("the certificate was read again"), "{said:#?}");
    assert!(said.err.contains("the new certificate cannot be used"), "{said:#?}");
}

#[test]
fn a_certificate_that_cannot_be_used_keeps_the_server_from_starting() {
    let (db, pair, other) = (TestDb::sqlite(Holding::Tables), Pair::new(), Pair::new());
    std::fs::copy(other.file("key.pem"), pair.file("key.pem")).unwrap();
    let said = pair.serve(&db).end();
    assert_eq!((said.code(), said.out.as_str()), (Some(1), ""), "{said:#?}");
    assert!(said.err.contains("certificate"), "{said:#?}");
}
