//! Tags of answers, the parts of a file that are asked for, and whether it may be packed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use chrono::DateTime;
use poem::Request;
use poem::http::{HeaderMap, header};

/// The tag of what these values decide. Another version of the program has other tags.
pub(super) fn tag(decided_by: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), decided_by).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Whether the caller has what this tag stands for.
pub(super) fn is_known(request: &Request, tag: &str) -> bool {
    let known = request.header(header::IF_NONE_MATCH).unwrap_or_default();
    known
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

/// Whether the caller goes on with something else than what this tag and recording time (in µs) stand for.
pub(super) fn is_changed(request: &Request, tag: &str, as_of: Option<i64>) -> bool {
    if let Some(wanted) = request.header(header::IF_MATCH) {
        return !wanted.split(',').map(str::trim).any(|one| one == "*" || one == tag);
    }
    let since = request
        .header(header::IF_UNMODIFIED_SINCE)
        .map(DateTime::parse_from_rfc2822);
    since
        .and_then(Result::ok)
        .zip(as_of)
        .is_some_and(|(since, as_of)| as_of.div_euclid(1_000_000) > since.timestamp())
}

/// Whether the caller takes gzip.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let listed = headers.get_all(header::ACCEPT_ENCODING).iter();
    let listed = listed
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','));
    let weight = |one: &str| {
        let mut parts = one.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(Ok(1.0), str::parse::<f32>);
        (name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip")).then_some(weight.unwrap_or(0.0))
    };
    listed.filter_map(weight).any(|weight| weight > 0.0)
}

/// Which bytes of a file are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All.
    Whole,
    /// These.
    Range(Range<u64>),
    /// None that there are.
    Outside,
}

/// The part of a file of `length` bytes. Several parts at a time, and parts of what changed meanwhile, are answered with the whole.
pub(super) fn part(request: &Request, tag: &str, length: u64) -> Part {
    let Some(text) = request
        .header(header::RANGE)
        .and_then(|text| text.strip_prefix("bytes="))
    else {
        return Part::Whole;
    };
    if request.header(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Part::Whole;
    }
    let Some((from, to)) = text.trim().split_once('-') else {
        return Part::Whole;
    };
    let range = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(length),
        (Ok(from), Err(_)) if to.trim().is_empty() => from..length,
        (Err(_), Ok(last)) if from.trim().is_empty() => length.saturating_sub(last)..length,
        _ => return Part::Whole,
    };
    if range.is_empty() {
        Part::Outside
    } else {
        Part::Range(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, value: &str) -> Request {
        Request::builder().header(name, value).finish()
    }

    #[test]
    fn parts_are_those_of_the_file() {
        for (text, wanted) in [
            ("bytes=0-3", Part::Range(0..4)),
            ("bytes=8-", Part::Range(8..10)),
            ("bytes=-4", Part::Range(6..10)),
            ("bytes=-40", Part::Range(0..10)),
            ("bytes=5-99", Part::Range(5..10)),
            ("bytes=10-", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=4-2", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes=", Part::Whole),
        ] {
            assert_eq!(part(&asked("range", text), "\"a\"", 10), wanted, "{text}");
        }
        let changed = Request::builder()
            .header("range", "bytes=0-3")
            .header("if-range", "\"b\"")
            .finish();
        assert_eq!(part(&changed, "\"a\"", 10), Part::Whole);
    }

    #[test]
    fn who_goes_on_with_what_it_was_hears_of_a_change() {
        let second = 1_000_000;
        let changed = |name: &str, value: &str| is_changed(&asked(name, value), "\"a\"", Some(3 * second + 500_000));
        for (text, wanted) in [
            ("\"a\"", false),
            ("\"b\", \"a\"", false),
            ("*", false),
            ("\"b\"", true),
            ("W/\"a\"", true),
        ] {
            assert_eq!(changed("if-match", text), wanted, "{text}");
        }
        assert!(changed("if-unmodified-since", "Thu, 01 Jan 1970 00:00:02 GMT"));
        assert!(!changed("if-unmodified-since", "Thu, 01 Jan 1970 00:00:03 GMT"));
        assert!(!changed("if-unmodified-since", "yesterday"));
        assert!(!changed("accept", "*/*"));
    }

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        for (text, wanted) in [
            ("gzip", true),
            ("deflate, gzip;q=0.5", true),
            ("br", false),
            ("gzip;q=0", false),
            ("identity", false),
        ] {
            assert_eq!(takes_gzip(asked("accept-encoding", text).headers()), wanted, "{text}");
        }
    }

    #[test]
    fn tags_are_compared_in_all_their_forms() {
        for text in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(is_known(&asked("if-none-match", text), "\"a\""), "{text}");
        }
        assert!(!is_known(&asked("if-none-match", "\"b\""), "\"a\""));
    }
}
