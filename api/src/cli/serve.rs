//! `plumbline serve`

use super::fault::CommandError;
use super::session::{StopSignal, connect};
use crate::config::Config;

pub(super) async fn run(config: Config) -> Result<(), CommandError> {
    let mut stop = StopSignal::listen()?;
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let app = connect(config).await?;
    app.serve(
        |address| println!("Plumbline listens on {scheme}://{address}/graphql"),
        async move { stop.received().await },
    )
    .await?;
    println!("Plumbline has stopped.");
    Ok(())
}
