//! The leaves' errors become the server's, here and nowhere else.

use crate::error::Error;

impl From<entity::error::Error> for Error {
    fn from(error: entity::error::Error) -> Self {
        use entity::error::Error as Database;
        match error {
            Database::NotFound | Database::Conflict { .. } => Self::Conflict {
                message: "somebody else changed this meanwhile".to_owned(),
                hint: Some("read it again and repeat the change".to_owned()),
            },
            Database::Busy { .. } | Database::Unavailable { .. } | Database::Full { .. } | Database::Connect { .. } => {
                Self::Unavailable { source: error.into() }
            }
            Database::Check { .. } | Database::Query { .. } => Self::internal(error),
        }
    }
}

impl From<analytics::error::Error> for Error {
    fn from(error: analytics::error::Error) -> Self {
        Self::internal(error)
    }
}
