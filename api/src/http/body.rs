//! Reading a body within a limit.

use std::time::Duration;

use futures_util::StreamExt;
use poem::Body;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyFault {
    /// Over the limit.
    TooLarge,
    /// Slower than it may be.
    TooSlow,
    /// Broken off.
    Broken,
}

/// The bytes of a body of at most `limit` bytes that comes within `patience`; no more than that is ever held.
pub(super) async fn read(body: Body, limit: usize, patience: Duration) -> Result<Vec<u8>, BodyFault> {
    tokio::time::timeout(patience, gather(body, limit))
        .await
        .unwrap_or(Err(BodyFault::TooSlow))
}

async fn gather(body: Body, limit: usize) -> Result<Vec<u8>, BodyFault> {
    let mut stream = Box::pin(body.into_bytes_stream());
    let mut held = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| BodyFault::Broken)?;
        if piece.len() > limit - held.len() {
            return Err(BodyFault::TooLarge);
        }
        held.extend_from_slice(&piece);
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_taken_up_to_its_limit() {
        let second = Duration::from_secs(1);
        assert_eq!(read(Body::from(vec![7; 10]), 10, second).await, Ok(vec![7; 10]));
        assert_eq!(
            read(Body::from(vec![7; 11]), 10, second).await,
            Err(BodyFault::TooLarge)
        );
        assert_eq!(read(Body::empty(), 10, second).await, Ok(Vec::new()));
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let read = read(Body::from_bytes_stream(never), 10, Duration::from_millis(10)).await;
        assert_eq!(read, Err(BodyFault::TooSlow));
    }
}
