use proptest::prelude::*;

use super::*;
use crate::server::strict::lines::LONGEST_HEAD;

const GET: &str = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

/// What passed, how many requests that was, and what ended it.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<u8>, u64, Option<Fault>) {
    let (mut requests, mut ready) = (Requests::default(), BytesMut::new());
    for piece in pieces {
        if let Err(fault) = requests.take(piece, &mut ready) {
            return (ready.to_vec(), requests.begun(), Some(fault));
        }
    }
    (ready.to_vec(), requests.begun(), None)
}

#[test]
fn requests_behind_each_other_pass_unchanged() {
    let post = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n".to_owned() + GET;
    let chunked =
        "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    assert_eq!(GET.len(), 28);
    let all = format!("{GET}{post}xy{chunked}{GET}");
    assert_eq!(read([all.as_bytes()]), (all.into_bytes(), 4, None));
}

/// Proves: edge-smuggling
#[test]
fn nothing_of_a_refused_head_passes_and_nothing_behind_it() {
    for bad in [
        "GET /b HTTP/1.1\r\n\r\n",
        "GET /b HTTP/1.1\nHost: a\n\n",
        "GET /b HTTP/1.1\r\nHost: a\n\r\n",
        "GET /b HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
        "GET /b HTTP/1.1\r\nHost: a\r\n\rX",
        "\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
        "\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let (passed, begun, fault) = read([format!("{GET}{bad}{GET}").as_bytes()]);
        assert_eq!((passed, begun), (GET.as_bytes().to_vec(), 1), "{bad:?}");
        assert!(fault.is_some(), "{bad:?}");
    }
}

#[test]
fn a_head_that_grows_without_end_is_refused_when_it_is_too_long() {
    let long_line = format!("GET /{}", "a".repeat(9_000));
    assert_eq!(read([long_line.as_bytes()]).2, Some(Fault::TargetTooLong));
    let long_head = format!(
        "GET / HTTP/1.1\r\nHost: a\r\n{}",
        "X: 12345678\r\n".repeat(LONGEST_HEAD / 10)
    );
    assert_eq!(read([long_head.as_bytes()]).2, Some(Fault::HeadTooLong));
}

#[test]
fn a_bad_request_line_is_refused_before_the_head_is_whole() {
    assert_eq!(read([b"GET /\r\n".as_slice()]).2, Some(Fault::RequestLine));
    assert_eq!(
        read([b"PRI * HTTP/2.0\r\n".as_slice()]).2,
        Some(Fault::Version)
    );
}

/// Pieces of requests, sound and not, so that random sequences come close to what attacks look like.
fn piece() -> impl Strategy<Value = &'static [u8]> {
    let pieces: Vec<&'static [u8]> = vec![
        b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /a HTTP/1.1\r\n",
        b"Host: a\r\n",
        b"Content-Length: 4\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"\r\n",
        b"\n",
        b"\r",
        b"0\r\n\r\n",
        b"4\r\nabcd\r\n",
        b"5;x\r\nab",
        b"X: \0",
        b" ",
        b"abcd",
    ];
    prop::sample::select(pieces)
}

proptest! {
    /// However the network cuts what is sent, it is one conversation with one verdict.
    /// Proves: edge-smuggling
    #[test]
    fn any_cut_gives_the_same_verdict(
        pieces in prop::collection::vec(piece(), 1..12),
        cuts in prop::collection::vec(1_usize..40, 1..40),
    ) {
        let whole = pieces.concat();
        let expected = read([whole.as_slice()]);
        prop_assert_eq!(&read(whole.chunks(1)), &expected);
        let mut rest = whole.as_slice();
        let mut cut = Vec::new();
        for length in cuts {
            let (piece, more) = rest.split_at(length.min(rest.len()));
            cut.push(piece);
            rest = more;
        }
        cut.push(rest);
        prop_assert_eq!(&read(cut), &expected);
    }

    #[test]
    fn no_bytes_make_it_panic_and_what_passes_is_what_came(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let (passed, _, _) = read([bytes.as_slice()]);
        prop_assert!(bytes.starts_with(&passed));
    }
}
