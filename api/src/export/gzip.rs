//! Bytes compressed piece by piece.

use std::io::{Result, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Compresses what passes through.
#[derive(Debug)]
pub struct Gzip {
    encoder: GzEncoder<Vec<u8>>,
}

impl Default for Gzip {
    fn default() -> Self {
        Self {
            encoder: GzEncoder::new(Vec::new(), Compression::fast()),
        }
    }
}

impl Gzip {
    /// The compressed form of `bytes`, as far as it is known yet; with `last`, all of it.
    ///
    /// # Errors
    /// Never in practice: the target is memory.
    pub fn next(&mut self, bytes: &[u8], last: bool) -> Result<Vec<u8>> {
        self.encoder.write_all(bytes)?;
        if last {
            self.encoder.try_finish()?;
        }
        Ok(std::mem::take(self.encoder.get_mut()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn pieces_are_one_file() {
        let mut gzip = Gzip::default();
        let mut all = Vec::new();
        for _ in 0..100 {
            all.extend(gzip.next(b"abcdefg\r\n", false).unwrap());
        }
        all.extend(gzip.next(&[], true).unwrap());
        let mut text = String::new();
        flate2::read::GzDecoder::new(all.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "abcdefg\r\n".repeat(100));
    }
}
