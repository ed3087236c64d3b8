//! `plumbline migrate`

use super::fault::CommandError;
use crate::config::Config;

pub(super) async fn run(config: &Config) -> Result<(), CommandError> {
    let applied = migration::up(&config.database.url).await?;
    if applied.is_empty() {
        println!("The database is up to date.");
    }
    for name in applied {
        println!("applied {name}");
    }
    Ok(())
}
