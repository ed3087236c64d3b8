//! `plumbline check`

use entity::check::Rule;

use super::fault::CommandError;
use super::session::connect;
use crate::config::Config;
use crate::service::Service;

pub(super) async fn run(config: Config) -> Result<(), CommandError> {
    let app = connect(config).await?;
    let rules = held(app.service()).await?;
    for rule in &rules {
        match rule.broken {
            0 => println!("ok      {}", rule.name),
            count => println!("BROKEN  {}: {count}", rule.name),
        }
    }
    println!("{}", told(&rules)?);
    Ok(())
}

/// Every rule, held against what is stored.
pub(super) async fn held(service: &Service) -> Result<Vec<Rule>, CommandError> {
    let rules = service.check().await?;
    service.db().close().await.map_err(crate::error::Error::from)?;
    Ok(rules)
}

/// What they say together; a fault when one is broken.
pub(super) fn told(rules: &[Rule]) -> Result<String, CommandError> {
    let broken: Vec<String> = rules
        .iter()
        .filter(|rule| rule.broken > 0)
        .map(|rule| format!("{} ({})", rule.name, rule.broken))
        .collect();
    if broken.is_empty() {
        Ok(format!("All {} rules hold.", rules.len()))
    } else {
        Err(CommandError::Broken(broken.join("; ")))
    }
}
