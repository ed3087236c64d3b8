//! `plumbline principal`, `plumbline grant`, `plumbline token`

use clap::{Args, Subcommand};
use entity::choice::Role;

use super::fault::CommandError;
use super::selection::{time, told};
use super::session::{connect, operator};
use crate::config::Config;
use crate::service::access::{NewGrant, NewToken, Scopes};

#[derive(Debug, Subcommand)]
pub(super) enum PrincipalCommand {
    /// Make a principal; it may do nothing until it is granted a role.
    Create {
        /// 1 to 64 of a-z, 0-9, `.`, `_`, `-` and `@`; never changes.
        name: String,
        /// A name for people.
        #[arg(long)]
        label: Option<String>,
        /// Who it is at the issuer of sign-ins.
        #[arg(long)]
        subject: Option<String>,
    },
    /// List the principals.
    List,
    /// Let a principal do nothing any more.
    Disable {
        /// Its name.
        name: String,
    },
    /// Let a principal do again what it may.
    Enable {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum GrantCommand {
    /// Grant a role.
    Create(GrantArguments),
    /// List the grants.
    List,
    /// Take a grant back.
    Revoke {
        /// Its number, as `grant list` prints it.
        id: i64,
    },
}

#[derive(Debug, Args)]
pub(super) struct GrantArguments {
    /// Name of the principal.
    principal: String,
    /// VIEWER, REPORTER, REVIEWER, PUBLISHER or ADMIN
    #[arg(value_parser = role)]
    role: Role,
    /// Over this organisation and all below it; over all when left out.
    #[arg(long)]
    org: Option<String>,
    /// Over indicators of this theme; over all when left out.
    #[arg(long)]
    theme: Option<String>,
    /// From when on.
    #[arg(long, value_parser = time)]
    from: Option<i64>,
    /// Until when, not included.
    #[arg(long, value_parser = time)]
    to: Option<i64>,
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token and show it, once.
    Create {
        /// Name of the principal whose it is.
        principal: String,
        /// What it may be used for: read, import, review, publish, admin, token.
        #[arg(long, default_value = "read", value_parser = scopes)]
        scopes: Scopes,
        /// From when on it is refused.
        #[arg(long, value_parser = time)]
        expires: Option<i64>,
        /// What it is for.
        #[arg(long)]
        label: Option<String>,
    },
    /// List the tokens, without their secrets.
    List {
        /// Only those of this principal.
        principal: Option<String>,
    },
    /// Revoke a token.
    Revoke {
        /// Its public part: what stands between `plb_` and the next `_`.
        public_id: String,
    },
}

pub(super) async fn principal(config: Config, command: PrincipalCommand) -> Result<(), CommandError> {
    let app = connect(config).await?;
    let (service, me) = (app.service(), operator());
    match command {
        PrincipalCommand::Create { name, label, subject } => {
            service.create_principal(&me, &name, label, subject).await?;
            println!("{name} was made. Next: plumbline grant create {name} VIEWER --org CODE");
        }
        PrincipalCommand::List => {
            for row in service.principals(&me).await? {
                let state = if row.disabled_at.is_some() {
                    "disabled"
                } else {
                    "enabled"
                };
                println!("{}\t{state}\t{}", row.name, row.label.unwrap_or_default());
            }
        }
        PrincipalCommand::Disable { name } => {
            service.set_principal_enabled(&me, &name, false).await?;
            println!("{name} may do nothing any more.");
        }
        PrincipalCommand::Enable { name } => {
            service.set_principal_enabled(&me, &name, true).await?;
            println!("{name} may do again what it may.");
        }
    }
    Ok(())
}

pub(super) async fn grant(config: Config, command: GrantCommand) -> Result<(), CommandError> {
    let app = connect(config).await?;
    let (service, me) = (app.service(), operator());
    match command {
        GrantCommand::Create(arguments) => {
            let new = NewGrant {
                principal: arguments.principal,
                role: arguments.role,
                org: arguments.org,
                theme: arguments.theme,
                valid_from: arguments.from,
                valid_to: arguments.to,
            };
            let row = service.grant_role(&me, &new).await?;
            println!("Granted as number {}.", row.id);
        }
        GrantCommand::List => {
            let names = service.principals(&me).await?;
            let snapshot = service.snapshot().await?;
            for row in service.grants(&me).await? {
                let name = names.iter().find(|principal| principal.id == row.principal_id);
                let org = row.org_id.and_then(|id| snapshot.catalog.tree().ordinal(id));
                let org = org
                    .and_then(|org| snapshot.catalog.org(org))
                    .map_or("*", |org| &org.code);
                let theme = row.theme_id.and_then(|id| snapshot.catalog.theme(id));
                println!(
                    "{}\t{}\t{}\t{org}\t{}\t{}\t{}\t{}",
                    row.id,
                    name.map_or("", |principal| &principal.name),
                    row.role.code(),
                    theme.map_or("*", |theme| &theme.code),
                    told(row.valid_from),
                    told(row.valid_to),
                    if row.revoked_at.is_some() { "revoked" } else { "" },
                );
            }
        }
        GrantCommand::Revoke { id } => {
            service.revoke_grant(&me, id).await?;
            println!("Grant {id} was taken back.");
        }
    }
    Ok(())
}

pub(super) async fn token(config: Config, command: TokenCommand) -> Result<(), CommandError> {
    let app = connect(config).await?;
    let (service, me) = (app.service(), operator());
    match command {
        TokenCommand::Create {
            principal,
            scopes,
            expires,
            label,
        } => {
            let new = NewToken {
                principal,
                label,
                scopes,
                expires_at: expires,
            };
            let shown = service.create_token(&me, &new).await?;
            eprintln!(
                "Keep it now: it is not shown again. It is revoked by {}.",
                shown.row.public_id
            );
            println!("{}", shown.secret);
        }
        TokenCommand::List { principal } => {
            let names = service.principals(&me).await?;
            for row in service.tokens(&me, principal.as_deref()).await? {
                let name = names.iter().find(|principal| principal.id == row.principal_id);
                println!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    row.public_id,
                    name.map_or("", |principal| &principal.name),
                    row.scopes,
                    told(row.expires_at),
                    told(row.last_used_at),
                    if row.revoked_at.is_some() { "revoked" } else { "" },
                    row.label.unwrap_or_default(),
                );
            }
        }
        TokenCommand::Revoke { public_id } => {
            service.revoke_token(&me, &public_id).await?;
            println!("Token {public_id} was revoked.");
        }
    }
    Ok(())
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "write VIEWER, REPORTER, REVIEWER, PUBLISHER or ADMIN".to_owned())
}

fn scopes(text: &str) -> Result<Scopes, String> {
    Scopes::parse(text).map_err(|error| error.hint().unwrap_or_default().to_owned())
}
