//! `plumbline generate`

use analytics::synthetic::{City, Size};
use clap::{Args, ValueEnum};

use super::fault::{CommandError, counted};
use super::session::connect;
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How large a city.
    #[arg(long, value_enum, default_value = "100k")]
    size: SizeName,
    /// Another seed gives other figures; the same one always the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SizeName {
    /// About 100,000 figures.
    #[value(name = "100k")]
    Small,
    /// About 1,000,000 figures.
    #[value(name = "1m")]
    Medium,
    /// About 10,000,000 figures.
    #[value(name = "10m")]
    Large,
}

pub(super) async fn run(config: Config, arguments: Arguments) -> Result<(), CommandError> {
    let size = match arguments.size {
        SizeName::Small => Size::Small,
        SizeName::Medium => Size::Medium,
        SizeName::Large => Size::Large,
    };
    let city = City {
        size,
        seed: arguments.seed,
    };
    let app = connect(config).await?;
    let figures = app.service().generate(city).await.map_err(CommandError::Service)?;
    println!(
        "{} of a synthetic city were written.",
        counted(figures, "made-up figure")
    );
    Ok(())
}
