//! What the server says when it cannot do what was asked.
//!
//! Which error to use where: the leaves (`entity`, `analytics`, `intake`) have small enums of their own; `service` turns them into [`Error`] in one file;
//! `graphql` and `http` turn [`Error`] into an answer in one file each. A caller's fault says what is wrong and how to mend it; ours says a request id.

use std::error::Error as Source;

use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use thiserror::Error as ThisError;

/// The stable code of an error: the closed list that clients may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// An argument, variable or body that cannot be used.
    BadUserInput,
    /// The GraphQL text is not GraphQL.
    GraphqlParseFailed,
    /// The GraphQL text asks for what the schema does not have.
    GraphqlValidationFailed,
    /// The hash of a persisted query is not known: its text is to be sent with it.
    PersistedQueryNotFound,
    /// No persisted queries are kept here.
    PersistedQueryNotSupported,
    /// There is no such thing.
    NotFound,
    /// It contradicts what is stored, or what somebody else wrote meanwhile.
    Conflict,
    /// Who asks is not known.
    Unauthenticated,
    /// Who asks may not.
    Forbidden,
    /// A limit of depth, cost, aliases, cells or size.
    LimitExceeded,
    /// It took longer than it may.
    Timeout,
    /// The database cannot be reached; try again later.
    Unavailable,
    /// A fault of ours, to be found in the log by its request id.
    Internal,
}

/// An error on its way to the caller.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The caller's input cannot be used.
    #[error("{message}")]
    Input {
        /// What is wrong.
        message: String,
        /// How to mend it.
        hint: Option<String>,
    },
    /// There is no such thing.
    #[error("there is no {what} `{name}`")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// By which name.
        name: String,
        /// How to find the right name.
        hint: Option<String>,
    },
    /// The hash of a persisted query is not known. Clients know this message.
    #[error("PersistedQueryNotFound")]
    PersistedQueryNotFound,
    /// No persisted queries are kept here. Clients know this message.
    #[error("PersistedQueryNotSupported")]
    PersistedQueryNotSupported,
    /// It contradicts what is stored.
    #[error("{message}")]
    Conflict {
        /// What contradicts what.
        message: String,
        /// How to mend it.
        hint: Option<String>,
    },
    /// It is not known who asks, or not any more.
    #[error("{message}")]
    Unauthenticated {
        /// What is wrong.
        message: String,
        /// How to sign in.
        hint: String,
    },
    /// Whoever asks may not.
    #[error("{message}")]
    Forbidden {
        /// What may not be done.
        message: String,
        /// Who can allow it.
        hint: Option<String>,
    },
    /// More than is allowed.
    #[error("{what} of {asked} is over the limit of {allowed}")]
    Limit {
        /// What is limited.
        what: &'static str,
        /// How much was asked for.
        asked: u64,
        /// How much is allowed.
        allowed: u64,
        /// How to stay below.
        hint: &'static str,
    },
    /// What an answer of GraphQL says, told outside of it.
    #[error("{message}")]
    Told {
        /// Its code.
        code: ErrorCode,
        /// Its message.
        message: String,
        /// How to mend it.
        hint: Option<String>,
    },
    /// It took longer than it may.
    #[error("the answer took longer than {seconds} s")]
    Timeout {
        /// The limit.
        seconds: u64,
    },
    /// The database cannot be reached or used now.
    #[error("the database cannot be used now")]
    Unavailable {
        /// Why.
        source: Box<dyn Source + Send + Sync>,
    },
    /// The keys of the issuer of sign-ins were never read.
    #[error("sign-ins of the issuer cannot be checked now")]
    NoIssuer,
    /// A fault of ours.
    #[error("something went wrong on the server")]
    Internal {
        /// What went wrong.
        source: Box<dyn Source + Send + Sync>,
    },
}

impl Error {
    /// Bad input with a hint.
    pub fn input(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Input {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// A fault of ours.
    pub fn internal(source: impl Into<Box<dyn Source + Send + Sync>>) -> Self {
        Self::Internal { source: source.into() }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Input { .. } => ErrorCode::BadUserInput,
            Self::PersistedQueryNotFound => ErrorCode::PersistedQueryNotFound,
            Self::PersistedQueryNotSupported => ErrorCode::PersistedQueryNotSupported,
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::Conflict { .. } => ErrorCode::Conflict,
            Self::Unauthenticated { .. } => ErrorCode::Unauthenticated,
            Self::Forbidden { .. } => ErrorCode::Forbidden,
            Self::Limit { .. } => ErrorCode::LimitExceeded,
            Self::Told { code, .. } => *code,
            Self::Timeout { .. } => ErrorCode::Timeout,
            Self::Unavailable { .. } | Self::NoIssuer => ErrorCode::Unavailable,
            Self::Internal { .. } => ErrorCode::Internal,
        }
    }

    /// How to mend it, where the caller can.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Input { hint, .. }
            | Self::NotFound { hint, .. }
            | Self::Conflict { hint, .. }
            | Self::Told { hint, .. }
            | Self::Forbidden { hint, .. } => hint.as_deref(),
            Self::Unauthenticated { hint, .. } => Some(hint),
            Self::Limit { hint, .. } => Some(hint),
            Self::PersistedQueryNotFound => Some("send the query with its hash once"),
            Self::PersistedQueryNotSupported => Some("send the query itself"),
            Self::Timeout { .. } => Some("ask for fewer rows or a shorter time"),
            Self::Unavailable { .. } | Self::NoIssuer => Some("try again in a moment"),
            Self::Internal { .. } => None,
        }
    }

    /// Whether the caller can mend it: such errors are not ours to log as faults.
    #[must_use]
    pub fn is_callers(&self) -> bool {
        !matches!(
            self,
            Self::Unavailable { .. }
                | Self::NoIssuer
                | Self::Internal { .. }
                | Self::Timeout { .. }
                | Self::Told {
                    code: ErrorCode::Timeout,
                    ..
                }
        )
    }

    /// The chain of causes, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut next = self.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }
}
