//! An answer that breaks off: its head and a first piece are sent, then the connection (HTTP/1.1) or the stream
//! (HTTP/2) is cut. The client knows that something happened, and not what.

use std::io::{Error, ErrorKind};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::CONTENT_TYPE;

pub(super) fn broken_off() -> Response {
    let piece = Ok(Bytes::from_static(b"{\"id\":"));
    let cut = Err(Error::from(ErrorKind::ConnectionReset));
    let body = Body::from_stream(stream::iter([piece, cut]));
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
