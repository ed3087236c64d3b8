//! An evaluation as JSON: the sealed result as it is, and what is read from it.

use std::io::Write;

use super::dossier::Dossier;

/// Writes the dossier as one object: `evaluation` is the sealed result, with the bytes of its seal; `run`, `readings` and `rectifications` stand beside it.
/// Decimals are texts.
///
/// # Errors
/// When the target cannot be written.
pub fn write(dossier: &Dossier, target: impl Write) -> Result<(), std::io::Error> {
    Ok(serde_json::to_writer(target, dossier)?)
}

/// The same as bytes.
///
/// # Errors
/// None in practice: memory can always be written.
pub fn bytes(dossier: &Dossier) -> Result<Vec<u8>, std::io::Error> {
    let mut bytes = Vec::new();
    write(dossier, &mut bytes)?;
    Ok(bytes)
}
