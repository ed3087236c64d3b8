//! Types of bodies: what a request declares, and what its caller accepts.

use poem::http::{HeaderMap, header};

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// The type of the specification, given to those who ask for it.
    GraphqlResponse,
    /// Plain JSON.
    Json,
    /// Server-sent events.
    EventStream,
}

impl Media {
    /// The value of `content-type`.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        }
    }

    fn names(self) -> [&'static str; 3] {
        match self {
            Self::GraphqlResponse => ["application/graphql-response+json", "", ""],
            Self::Json => ["application/json", "application/*", "*/*"],
            Self::EventStream => ["text/event-stream", "text/*", ""],
        }
    }
}

/// The type that the caller accepts; none when it accepts nothing that we have. Without a wish it is plain JSON; events go to those who take no JSON, since
/// some clients name everything they could read.
pub(super) fn accepted(headers: &HeaderMap) -> Option<Media> {
    let ranges: Vec<(String, f32)> = headers
        .get_all(header::ACCEPT)
        .iter()
        .flat_map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .split(',')
                .map(range)
                .collect::<Vec<_>>()
        })
        .filter(|(name, _)| !name.is_empty())
        .collect();
    if ranges.is_empty() {
        return Some(Media::Json);
    }
    // The most exact range counts.
    let weight = |media: Media| {
        let names = media.names();
        let mut found = names.iter().filter(|name| !name.is_empty()).filter_map(|name| {
            let of_name = ranges.iter().find(|(range, _)| range == name);
            of_name.map(|(_, weight)| *weight)
        });
        found.next().unwrap_or(0.0)
    };
    let (specified, plain) = (weight(Media::GraphqlResponse), weight(Media::Json));
    if specified > 0.0 && specified >= plain {
        Some(Media::GraphqlResponse)
    } else if plain > 0.0 {
        Some(Media::Json)
    } else {
        (weight(Media::EventStream) > 0.0).then_some(Media::EventStream)
    }
}

/// A range of an `accept` header in small letters, and its weight.
fn range(text: &str) -> (String, f32) {
    let mut pieces = text.split(';').map(str::trim);
    let name = pieces.next().unwrap_or_default().to_ascii_lowercase();
    let weight = pieces.find_map(|piece| piece.strip_prefix("q=").or_else(|| piece.strip_prefix("Q=")));
    let weight = weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
    (name, weight)
}

/// What a body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    /// JSON as UTF-8.
    Json,
    /// A form with files; the text between its parts.
    Multipart(String),
    /// Anything else.
    Other,
}

/// What a request declares its body to be.
pub(super) fn declared(headers: &HeaderMap) -> Declared {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next().and_then(|value| value.to_str().ok()), values.next()) else {
        return Declared::Other;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        let charset = parameter(value, "charset");
        return match charset {
            Some(name) if !name.eq_ignore_ascii_case("utf-8") => Declared::Other,
            _ => Declared::Json,
        };
    }
    if essence.eq_ignore_ascii_case("multipart/form-data")
        && let Ok(boundary) = multer::parse_boundary(value)
    {
        return Declared::Multipart(boundary);
    }
    Declared::Other
}

fn parameter<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    value.split(';').skip(1).find_map(|piece| {
        let (key, value) = piece.split_once('=')?;
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(text: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, text.parse().unwrap());
        accepted(&headers)
    }

    #[test]
    fn clients_get_what_they_accept() {
        assert_eq!(accepted(&HeaderMap::new()), Some(Media::Json));
        for (text, media) in [
            ("*/*", Some(Media::Json)),
            ("application/json", Some(Media::Json)),
            ("application/*;q=0.5", Some(Media::Json)),
            ("application/graphql-response+json", Some(Media::GraphqlResponse)),
            (
                "application/graphql-response+json,application/json;q=0.9",
                Some(Media::GraphqlResponse),
            ),
            (
                "application/graphql-response+json;q=0.5, application/json",
                Some(Media::Json),
            ),
            (
                "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
                Some(Media::GraphqlResponse),
            ),
            ("text/event-stream", Some(Media::EventStream)),
            ("text/event-stream, application/json", Some(Media::Json)),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Some(Media::Json)),
            ("APPLICATION/JSON; charset=utf-8", Some(Media::Json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json;q=0, */*", None),
            ("image/png, text/csv", None),
        ] {
            assert_eq!(accept(text), media, "{text}");
        }
    }

    #[test]
    fn bodies_are_what_they_are_declared_to_be() {
        for (text, what) in [
            ("application/json", Declared::Json),
            ("Application/JSON; Charset=\"UTF-8\"", Declared::Json),
            ("application/json; charset=utf-16", Declared::Other),
            ("application/graphql", Declared::Other),
            ("text/plain", Declared::Other),
            ("multipart/form-data; boundary=x", Declared::Multipart("x".to_owned())),
            ("multipart/form-data", Declared::Other),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, text.parse().unwrap());
            assert_eq!(declared(&headers), what, "{text}");
        }
        assert_eq!(declared(&HeaderMap::new()), Declared::Other);
    }
}
