//! Secrets: read from files, and never shown.

use std::path::Path;

use super::fault::ConfigError;

/// The secret that a file holds, without the line break at its end.
pub(super) fn of_file(key: &'static str, path: &str) -> Result<String, ConfigError> {
    let problem = |what: String| ConfigError::Value { key, problem: what };
    let text = std::fs::read_to_string(Path::new(path))
        .map_err(|error| problem(format!("the file {path} cannot be read ({error})")))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(problem(format!("the file {path} is empty")));
    }
    Ok(text.to_owned())
}

/// A database URL without its password, wherever it stands.
#[must_use]
pub fn redacted(url: &str) -> String {
    // A password with an unescaped question mark is none that a driver takes; it is not shown all the same.
    if let Some((scheme, rest)) = url.split_once("://")
        && !rest.split('?').next().unwrap_or_default().contains('@')
        && let Some((user, host)) = rest.rsplit_once('@')
        && let Some((name, _)) = user.split_once(':')
    {
        return format!("{scheme}://{name}:***@{host}");
    }
    let (address, parameters) = url.split_once('?').map_or((url, None), |(a, p)| (a, Some(p)));
    let mut told = match address.split_once("://") {
        // A password may hold an @ of its own: the host begins after the last one.
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((user, host)) => match user.split_once(':') {
                Some((name, _)) => format!("{scheme}://{name}:***@{host}"),
                None => address.to_owned(),
            },
            None => address.to_owned(),
        },
        None => address.to_owned(),
    };
    for (index, pair) in parameters.into_iter().flat_map(|all| all.split('&')).enumerate() {
        told.push(if index == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => told.push_str(&format!("{name}=***")),
            _ => told.push_str(pair),
        }
    }
    told
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["pass", "secret", "key", "token"]
        .iter()
        .any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown_wherever_they_stand() {
        for (url, told) in [
            ("postgres://me:secret@db/x", "postgres://me:***@db/x"),
            ("postgres://me:sec@ret@db/x", "postgres://me:***@db/x"),
            ("postgres://me:a?b@db/x", "postgres://me:***@db/x"),
            (
                "postgres://me@db/x?password=secret&sslmode=require",
                "postgres://me@db/x?password=***&sslmode=require",
            ),
            ("postgres://db/x?sslpassword=secret", "postgres://db/x?sslpassword=***"),
            ("sqlite:plumbline.db", "sqlite:plumbline.db"),
            ("sqlite:plumbline.db?mode=rw", "sqlite:plumbline.db?mode=rw"),
        ] {
            let shown = redacted(url);
            assert!(!shown.contains("secret") && !shown.contains("ret@"), "{shown}");
            assert_eq!(shown, told);
        }
    }

    #[test]
    fn a_secret_stands_in_a_file_of_one_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().display().to_string();
        std::fs::write(file.path(), "postgres://me:secret@db/x\n").unwrap();
        assert_eq!(
            of_file("database_url_file", &path).unwrap(),
            "postgres://me:secret@db/x"
        );
        std::fs::write(file.path(), "\n").unwrap();
        assert!(of_file("database_url_file", &path).is_err());
        assert!(of_file("database_url_file", "/nowhere").is_err());
    }
}
