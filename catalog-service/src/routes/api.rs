//! What this service's public routes take and answer, as OpenAPI has it: made of the handlers and bodies themselves.
//! The package `escale-openapi` puts it together with the gateway's policy.

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(paths(
    super::list::list,
    super::read::read,
    super::search::search,
    super::write::change,
    super::write::create,
    super::write::withdraw,
))]
struct Described;

pub fn api() -> utoipa::openapi::OpenApi {
    Described::openapi()
}
