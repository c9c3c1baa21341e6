//! Reads `Content-Type` (RFC 9110 section 8.3.1).

use http::HeaderValue;

/// Whether a value names this type, in UTF-8. Parameters other than `charset` mean nothing for our types and are
/// passed over; what cannot be read is no type.
pub(super) fn is_utf8_of(value: &HeaderValue, essence: &str) -> bool {
    // A comma would be a second type in the same header.
    let Some(text) = value.to_str().ok().filter(|text| !text.contains(',')) else {
        return false;
    };
    let mut parts = text.split(';').map(str::trim);
    let named = parts.next().unwrap_or_default();
    named.eq_ignore_ascii_case(essence) && parts.all(is_harmless)
}

fn is_harmless(parameter: &str) -> bool {
    // A semicolon at the end.
    if parameter.is_empty() {
        return true;
    }
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    let quoted = value
        .strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'));
    !name.eq_ignore_ascii_case("charset") || quoted.unwrap_or(value).eq_ignore_ascii_case("utf-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_utf_8_is_json_however_it_is_spelt() {
        for good in [
            "application/json",
            "Application/JSON",
            "application/json;charset=utf-8",
            "application/json ; Charset=\"UTF-8\" ;",
            "application/json; profile=x",
        ] {
            let value = HeaderValue::from_static(good);
            assert!(is_utf8_of(&value, "application/json"), "{good}");
        }
    }

    #[test]
    fn everything_else_is_another_type() {
        for bad in [
            "",
            "json",
            "text/json",
            "application/xml",
            "application/json5",
            "application/merge-patch+json",
            "application/*",
            "*/*",
            "application/json; charset=utf-7",
            "application/json; charset=iso-8859-1",
            "application/json; charset=utf-8; charset=utf-16",
            "application/json; charset=",
            "application/json; charset",
            "application/json, text/plain",
            "application/json; a=b, text/plain",
            "application /json",
        ] {
            let value = HeaderValue::from_static(bad);
            assert!(!is_utf8_of(&value, "application/json"), "{bad}");
        }
        let latin = HeaderValue::from_bytes(b"application/json; x=\xe9").expect("a value");
        assert!(!is_utf8_of(&latin, "application/json"));
    }
}
