use super::*;

fn line(text: &str) -> Result<(), Fault> {
    check_request_line(text.as_bytes())
}

fn fields(text: &str) -> Result<Framing, Fault> {
    framing(text.as_bytes())
}

#[test]
fn a_request_line_has_one_form() {
    for good in [
        "GET / HTTP/1.1",
        "POST /auth/login HTTP/1.1",
        "GET /api/tours?q=a/b?c&d=%20 HTTP/1.1",
        "OPTIONS /api/tours HTTP/1.1",
    ] {
        assert_eq!(line(good), Ok(()), "{good}");
    }
    for (bad, fault) in [
        ("GET /", Fault::RequestLine),
        ("GET  / HTTP/1.1", Fault::RequestLine),
        ("GET / HTTP/1.1 ", Fault::RequestLine),
        (" GET / HTTP/1.1", Fault::RequestLine),
        ("GET /\tHTTP/1.1", Fault::RequestLine),
        ("GET / http/1.1", Fault::RequestLine),
        ("GET / HTTP/1.10", Fault::RequestLine),
        ("GET / HTTPS/1.1", Fault::RequestLine),
        ("G(T / HTTP/1.1", Fault::RequestLine),
        ("GET / HTTP/1.0", Fault::Version),
        ("GET / HTTP/0.9", Fault::Version),
        ("PRI * HTTP/2.0", Fault::Version),
        ("get / HTTP/1.1", Fault::UnknownMethod),
        ("trace / HTTP/1.1", Fault::UnknownMethod),
        ("FOO / HTTP/1.1", Fault::UnknownMethod),
        ("CONNECT localhost:443 HTTP/1.1", Fault::Connect),
        ("OPTIONS * HTTP/1.1", Fault::Target),
        ("GET https://localhost/ HTTP/1.1", Fault::Target),
        ("GET localhost:8080 HTTP/1.1", Fault::Target),
        ("GET api/tours HTTP/1.1", Fault::Target),
        ("GET /a#b HTTP/1.1", Fault::Target),
        ("GET /é HTTP/1.1", Fault::Target),
        ("GET /\u{1} HTTP/1.1", Fault::Target),
    ] {
        assert_eq!(line(bad), Err(fault), "{bad:?}");
    }
    let long = format!("GET /{} HTTP/1.1", "a".repeat(LONGEST_TARGET));
    assert_eq!(line(&long), Err(Fault::TargetTooLong));
}

#[test]
fn the_end_of_a_body_is_said_once_and_in_one_way() {
    let with = |more: &str| fields(&format!("Host: localhost:8080\r\n{more}"));
    for (more, framing) in [
        ("", Framing::Length(0)),
        ("Content-Length: 5\r\n", Framing::Length(5)),
        ("content-length:\t005 \r\n", Framing::Length(5)),
        ("Transfer-Encoding: chunked\r\n", Framing::Chunked),
        (
            "Expect: 100-Continue\r\nContent-Length: 1\r\n",
            Framing::Length(1),
        ),
        ("X-Opaque: caf\u{e9}\tb\r\nX-Empty:\r\n", Framing::Length(0)),
    ] {
        assert_eq!(with(more), Ok(framing), "{more:?}");
    }
    for (more, fault) in [
        (
            "Content-Length: 5\r\nContent-Length: 5\r\n",
            Fault::LengthTwice,
        ),
        (
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            Fault::LengthTwice,
        ),
        ("Content-Length: 5, 5\r\n", Fault::LengthInvalid),
        ("Content-Length: +5\r\n", Fault::LengthInvalid),
        ("Content-Length: -0\r\n", Fault::LengthInvalid),
        ("Content-Length: 0x5\r\n", Fault::LengthInvalid),
        ("Content-Length: 5 5\r\n", Fault::LengthInvalid),
        ("Content-Length:\r\n", Fault::LengthInvalid),
        (
            "Content-Length: 18446744073709551616\r\n",
            Fault::LengthInvalid,
        ),
        (
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            Fault::LengthAndCoding,
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            Fault::LengthAndCoding,
        ),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            Fault::Coding,
        ),
        ("Transfer-Encoding: gzip, chunked\r\n", Fault::Coding),
        ("Transfer-Encoding: chunked, identity\r\n", Fault::Coding),
        ("Transfer-Encoding: identity\r\n", Fault::Coding),
        ("Transfer-Encoding: xchunked\r\n", Fault::Coding),
        ("Transfer-Encoding: \"chunked\"\r\n", Fault::Coding),
        ("Transfer-Encoding:\r\n", Fault::Coding),
        ("Transfer-Encoding : chunked\r\n", Fault::NoHeader),
        ("Transfer-Encoding\t: chunked\r\n", Fault::NoHeader),
        (" Transfer-Encoding: chunked\r\n", Fault::FoldedLine),
        ("X: a\r\n b\r\n", Fault::FoldedLine),
        ("X: a\r\n\tb\r\n", Fault::FoldedLine),
        ("X: a\0b\r\n", Fault::ControlCharacter),
        ("X: a\u{b}chunked\r\n", Fault::ControlCharacter),
        ("X: a\u{7f}\r\n", Fault::ControlCharacter),
        ("X\0: a\r\n", Fault::NoHeader),
        ("X\r\n", Fault::NoHeader),
        (": a\r\n", Fault::NoHeader),
        ("Expect: 200-ok\r\n", Fault::Expectation),
        ("Expect: y 100-continue\r\n", Fault::Expectation),
        (
            "Expect: 100-continue\r\nExpect: 100-continue\r\n",
            Fault::Expectation,
        ),
    ] {
        assert_eq!(with(more), Err(fault), "{more:?}");
    }
}

#[test]
fn there_is_one_host() {
    for (text, fault) in [
        ("", Fault::HostMissing),
        ("X-Host: a\r\n", Fault::HostMissing),
        ("Host:\r\n", Fault::HostInvalid),
        ("Host: a b\r\n", Fault::HostInvalid),
        ("Host: a, b\r\n", Fault::HostInvalid),
        ("Host: user@a\r\n", Fault::HostInvalid),
        ("Host: a/b\r\n", Fault::HostInvalid),
        ("Host: a:99999\r\n", Fault::HostInvalid),
        ("Host: a\r\nHost: a\r\n", Fault::HostTwice),
        ("Host: a\r\nhost: b\r\n", Fault::HostTwice),
    ] {
        assert_eq!(fields(text), Err(fault), "{text:?}");
    }
    assert_eq!(fields("hOsT: [::1]:8080\r\n"), Ok(Framing::Length(0)));
}

#[test]
fn a_head_has_at_most_so_many_headers() {
    let many = |count: usize| format!("Host: a\r\n{}", "X: 1\r\n".repeat(count - 1));
    assert_eq!(fields(&many(MOST_HEADERS)), Ok(Framing::Length(0)));
    assert_eq!(fields(&many(MOST_HEADERS + 1)), Err(Fault::TooManyHeaders));
}
