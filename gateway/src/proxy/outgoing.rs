//! A request on its way to a service, in a form in which it can be sent once more, and when it may be.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, Method, Request, Uri, Version};
use service_kit::deadline::Deadline;

use super::failure::Kind;
use super::upload::Upload;

/// No deadline is handed on that is longer.
const LONGEST: Duration = Duration::from_secs(600);

pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    /// `None` for a request without a body.
    pub(super) upload: Option<Upload>,
    pub(super) deadline: Deadline,
}

impl Outgoing {
    pub(super) fn request(&self) -> Request<Body> {
        let body = self.upload.as_ref().map_or_else(Body::empty, Upload::body);
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.version_mut() = Version::HTTP_2;
        *request.headers_mut() = self.headers.clone();
        self.deadline.write_to(request.headers_mut(), LONGEST);
        request
    }

    /// A request of which nothing has left may always go again. One that may have arrived only where it reads
    /// (RFC 9110 section 9.2.2): a payment that was sent twice would be paid twice.
    pub(super) fn may_go_again(&self, kind: Kind) -> bool {
        let reads = matches!(self.method, Method::GET | Method::HEAD) && self.upload.is_none();
        let is_whole = self.upload.as_ref().is_none_or(Upload::is_whole);
        match kind {
            Kind::NoConnection => is_whole,
            Kind::Untaken | Kind::Broken => reads,
            Kind::TooSlow | Kind::Client(_) => false,
        }
    }
}
