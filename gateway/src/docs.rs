//! The description of the API: the OpenAPI document in both languages, and Swagger UI, which shows it.
//!
//! Everything is embedded and nothing comes from elsewhere: no CDN learns who reads, and none can change what is read.
//! The page is the only one of the gateway that runs scripts, so it has a `Content-Security-Policy` of its own: scripts
//! from here alone, none within the page, requests to here alone, no frame around it.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use service_kit::error::{ApiError, Code, Language};

/// Where the page is; its files are beneath.
pub const PATH: &str = "/docs";

/// Nothing that stands within the page runs or styles it; Swagger UI does without. Its icons are `data:` images.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                           connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// What is asked again is sent again only when the gateway is another.
const TAG: HeaderValue = HeaderValue::from_static(env!("DOCS_ETAG"));

struct File {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    headers: &'static [(HeaderName, &'static str)],
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const GZIP: &[(HeaderName, &str)] = &[(CONTENT_ENCODING, "gzip")];

const PAGE: File = File {
    name: "",
    kind: HTML,
    bytes: include_bytes!("docs/page.html"),
    headers: &[(CONTENT_SECURITY_POLICY, PAGE_POLICY)],
};
const FRENCH: File = File {
    name: "openapi.fr.json",
    kind: JSON,
    bytes: include_bytes!("../openapi/openapi.fr.json"),
    headers: &[(CONTENT_LANGUAGE, "fr")],
};
const ENGLISH: File = File {
    name: "openapi.en.json",
    kind: JSON,
    bytes: include_bytes!("../openapi/openapi.en.json"),
    headers: &[(CONTENT_LANGUAGE, "en")],
};
/// One of the two.
const BY_LANGUAGE: &str = "openapi.json";

/// `build.rs` takes those of Swagger UI out of their archive, compressed as they are. Its licence and notice go wherever
/// it goes.
const FILES: [File; 8] = [
    FRENCH,
    ENGLISH,
    File {
        name: "page.css",
        kind: STYLE,
        bytes: include_bytes!("docs/page.css"),
        headers: &[],
    },
    File {
        name: "start.js",
        kind: SCRIPT,
        bytes: include_bytes!("docs/start.js"),
        headers: &[],
    },
    File {
        name: "swagger-ui.css",
        kind: STYLE,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css.gz")),
        headers: GZIP,
    },
    File {
        name: "swagger-ui-bundle.js",
        kind: SCRIPT,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js.gz")),
        headers: GZIP,
    },
    File {
        name: "swagger-ui-license.txt",
        kind: TEXT,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-license.txt.gz")),
        headers: GZIP,
    },
    File {
        name: "swagger-ui-notice.txt",
        kind: TEXT,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-notice.txt.gz")),
        headers: GZIP,
    },
];

/// `None` for a path that is not of the description.
///
/// # Errors
/// `not_found` for a file that is not there.
pub fn answer(path: &str, headers: &HeaderMap) -> Option<Result<Response, ApiError>> {
    let rest = path.strip_prefix(PATH)?;
    if rest.is_empty() {
        return Some(Ok(PAGE.answer(headers)));
    }
    let name = rest.strip_prefix('/')?;
    if name == BY_LANGUAGE {
        return Some(Ok(in_the_readers_language(headers)));
    }
    let file = FILES.iter().find(|file| file.name == name);
    Some(
        file.map(|file| file.answer(headers))
            .ok_or(Code::NotFound.into()),
    )
}

/// Every file beneath [`PATH`].
pub fn names() -> Vec<&'static str> {
    let files = FILES.iter().map(|file| file.name);
    files.chain([BY_LANGUAGE]).collect()
}

fn in_the_readers_language(headers: &HeaderMap) -> Response {
    let file = Language::of(headers).pick(FRENCH, ENGLISH);
    let mut answer = file.answer(headers);
    let vary = HeaderValue::from_name(ACCEPT_LANGUAGE);
    answer.headers_mut().insert(VARY, vary);
    answer
}

impl File {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let mut answer = Response::new(Body::empty());
        let headers = answer.headers_mut();
        headers.insert(ETAG, TAG);
        // Public, and asked for again each time: a page of yesterday must not show today's API.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        for (name, value) in self.headers {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if is_known(asked) {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            return answer;
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        *answer.body_mut() = Body::from(Bytes::from_static(self.bytes));
        answer
    }
}

/// RFC 9110 section 13.1.2; a weak tag counts too.
fn is_known(headers: &HeaderMap) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter();
    let mut tags = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    tags.any(|tag| {
        let tag = tag.trim_ascii();
        tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == TAG.as_bytes()
    })
}

#[cfg(test)]
mod tests;
