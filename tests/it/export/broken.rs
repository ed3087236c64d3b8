//! A table whose server dies in the middle reaches nobody as a whole one.

use std::io::{Read, Write};
use std::time::Duration;

use api::service::access::Caller;
use api::service::import::Options;
use tests::db::TestDb;
use tests::fixture::many_figures;
use tests::suite;
use tokio::net::TcpSocket;

use crate::program::plumbline;

suite!(Catalog: a_dead_server_leaves_half_a_table_that_can_be_told);

/// More than the buffers between two processes hold.
const ROWS: usize = 40_000;
/// A reader that takes little at a time: the rest waits at the server.
const WINDOW: u32 = 4096;

async fn a_dead_server_leaves_half_a_table_that_can_be_told(db: TestDb) {
    let options = Options {
        commit: true,
        caller: Caller::operator("tester"),
        ..Options::default()
    };
    let service = db.service().await;
    service
        .import("many.csv", many_figures(ROWS).as_bytes(), &options)
        .await
        .unwrap();
    for form in ["csv", "json", "arrow"] {
        let mut server = plumbline(["serve", "--listen", "127.0.0.1:0", "--database-url", db.url()]).start();
        let address = server.address();
        let address = address.trim_start_matches("http://").parse().unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(WINDOW).unwrap();
        let stream = socket.connect(address).await.unwrap().into_std().unwrap();
        let body = tokio::task::spawn_blocking(move || {
            let mut stream = stream;
            stream.set_nonblocking(false).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            let ask = format!("GET /export/observations.{form} HTTP/1.1\r\nhost: localhost\r\n\r\n");
            stream.write_all(ask.as_bytes()).unwrap();
            let mut heard = vec![0; WINDOW as usize];
            stream.read_exact(&mut heard).unwrap();
            server.kill();
            // What was on its way comes still; how the connection ends does not matter.
            let mut rest = Vec::new();
            drop(stream.read_to_end(&mut rest));
            heard.extend(rest);
            heard
        })
        .await
        .unwrap();
        let head = body.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
        let text = String::from_utf8_lossy(&body[..head]).to_lowercase();
        assert!(
            text.starts_with("http/1.1 200") && text.contains("transfer-encoding: chunked"),
            "{text}"
        );
        assert!(!body.ends_with(b"\r\n0\r\n\r\n"), "{form}: it came whole");
    }
}
