//! The layers that a request goes through, one a file. [`crate::stack`] puts them in their order.
//!
//! They speak to each other by extensions of the request alone: [`request_id`] leaves a `RequestContext`,
//! [`client_address`] a [`crate::client_address::ClientAddress`], [`access_log`] a [`access_log::Noted`] that the others fill, [`route`] a [`route::Matched`], [`authenticate`] a
//! [`authenticate::Caller`]. A layer that needs one and does not find it refuses the request.

pub mod access_log;
pub mod audit;
pub mod authenticate;
pub mod authorize;
pub mod canonical_path;
pub mod catch_panic;
pub mod client_address;
pub mod content_type;
pub mod forward;
pub mod identity_headers;
pub mod jail;
pub mod quota;
pub mod rate_limit;
pub mod request_id;
pub mod route;
pub mod security_headers;
pub mod validate;

use axum::extract::Request;
use service_kit::error::ApiError;

/// What an outer layer must have left; a stack that was put together wrongly answers 500 and lets nothing pass.
fn left_by_an_outer_layer<T: Clone + Send + Sync + 'static>(
    request: &Request,
) -> Result<T, ApiError> {
    request.extensions().get().cloned().ok_or_else(|| {
        ApiError::internal(format_args!(
            "no layer has left a {}",
            std::any::type_name::<T>()
        ))
    })
}
