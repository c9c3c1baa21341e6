//! Reads what an answer says of limits, and judges it.

use escale_tests::Answer;
use serde_json::json;
use sfv::{BareItem, List, ListEntry, Parser};
use tokio::io::AsyncReadExt;

const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/// A field read by a parser of structured fields that is not ours: `name q=100 w=60`.
#[track_caller]
pub(super) fn field(answer: &Answer, name: &str) -> Vec<String> {
    let list: List = Parser::new(answer.header(name)).parse().expect("a List");
    let entry = |entry: ListEntry| {
        let ListEntry::Item(item) = entry else {
            panic!("an inner list in {name}");
        };
        let BareItem::String(policy) = &item.bare_item else {
            panic!("a policy's name in {name} is no String");
        };
        let parameter = |(key, value): (&_, &BareItem)| match value {
            BareItem::Integer(number) => format!(" {key}={number}"),
            other => panic!("{key} in {name} is no Integer: {other:?}"),
        };
        let parameters: String = item.params.iter().map(parameter).collect();
        format!("{}{parameters}", policy.as_str())
    };
    list.into_iter().map(entry).collect()
}

/// A 429 of this code, with everything that the course and the draft want said.
#[track_caller]
pub(super) fn assert_over(answer: Answer, code: &str, policy: &str, text: &str) -> u64 {
    let answer = answer.assert_refused(429, code);
    let body = answer.json();
    assert_eq!(body["error"], text);
    assert_eq!(
        (&body["type"], &body["violated-policies"]),
        (&QUOTA_EXCEEDED.into(), &json!([policy]))
    );
    let seconds = body["retryAfter"].as_u64().expect("whole seconds");
    assert!(seconds >= 1, "{body}");
    assert_eq!(answer.header("retry-after"), seconds.to_string());
    let standing = field(&answer, "ratelimit");
    assert!(
        standing.contains(&format!("{policy} r=0 t={seconds}")),
        "{standing:?}"
    );
    assert_no_old_fields(&answer);
    seconds
}

#[track_caller]
pub(super) fn assert_no_old_fields(answer: &Answer) {
    let names = answer.headers.keys().map(|name| name.as_str());
    for name in names {
        let new = matches!(name, "ratelimit" | "ratelimit-policy");
        assert!(new || !name.contains("ratelimit"), "{name}");
    }
}

/// The head of one answer; its body is read too, so that the next answer begins where this one ends.
pub(super) async fn read_answer(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("an answer"));
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    stream.read_exact(&mut vec![0; length]).await.unwrap();
    head
}
