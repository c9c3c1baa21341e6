//! Weighs `Accept` (RFC 9110 section 12.5.1): is `application/json` among what the caller takes?

use http::HeaderMap;
use http::header::ACCEPT;

/// The most exact range that covers JSON decides; a weight of zero forbids. No header, or an empty one: anything is
/// taken. Parameters of a range are passed over, ours has none.
pub(super) fn takes_json(headers: &HeaderMap) -> bool {
    let mut asked = false;
    let mut best = (0, 0.0);
    for value in headers.get_all(ACCEPT) {
        // A value that is no text names no type that we have.
        for range in value.to_str().unwrap_or("?").split(',') {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            asked |= !name.is_empty();
            let (exactness, weight) = (exactness(&name), weight(parts));
            if exactness > 0 && (exactness, weight) > best {
                best = (exactness, weight);
            }
        }
    }
    !asked || best.1 > 0.0
}

/// How closely a range names JSON; 0: not at all.
fn exactness(range: &str) -> u8 {
    match range {
        "application/json" => 3,
        "application/*" => 2,
        "*/*" => 1,
        _ => 0,
    }
}

/// 1 without `q`; a weight that is none counts as zero.
fn weight<'a>(mut parameters: impl Iterator<Item = &'a str>) -> f32 {
    let q = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then_some(value)
    });
    let read = |text: &str| {
        let weight = text.trim().parse().ok();
        weight.filter(|weight| (0.0..=1.0).contains(weight))
    };
    q.map_or(1.0, |text| read(text).unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(values: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT, value.parse().expect("a header value"));
        }
        takes_json(&headers)
    }

    #[test]
    fn json_is_taken_where_a_range_covers_it() {
        for good in [
            &[][..],
            &[""],
            &["application/json"],
            &["Application/JSON;q=0.001"],
            &["application/*"],
            &["*/*"],
            &["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
            &["text/html", "application/json;charset=utf-8"],
            &["*/*;q=0, application/json"],
            &["application/*;q=0, application/json;q=0.5"],
            &["text/html, image/gif, *; q=.2, */*; q=.2"],
            &["application/problem+json, application/json"],
        ] {
            assert!(takes(good), "{good:?}");
        }
    }

    #[test]
    fn the_most_exact_range_may_forbid_it() {
        for bad in [
            &["text/html"][..],
            &["application/xml, text/*"],
            &["application/problem+json"],
            &["application/json;q=0"],
            &["application/json;q=0, */*"],
            &["application/json; q=0.000, application/*;q=1"],
            &["application/*;q=0, */*;q=1"],
            &["*/*;q=0"],
            &["application/json;q=rubbish"],
            &["application/json;q=-1"],
            &["application/json;q=NaN"],
            &["json"],
            &["*"],
        ] {
            assert!(!takes(bad), "{bad:?}");
        }
    }
}
