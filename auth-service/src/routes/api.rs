//! What this service's public routes take and answer, as OpenAPI has it: made of the handlers and bodies themselves.
//! The package `escale-openapi` puts it together with the gateway's policy.

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(paths(
    super::api_keys::create,
    super::api_keys::list,
    super::api_keys::revoke,
    super::discovery::discovery,
    super::jwks::jwks,
    super::login::login,
    super::logout::logout,
    super::me::me,
    super::refresh::refresh,
    super::register::register,
    super::token::token,
))]
struct Described;

pub fn api() -> utoipa::openapi::OpenApi {
    let mut api = Described::openapi();
    let paths = &mut api.paths.paths;
    // One handler has two addresses; an annotation has one.
    if let Some(discovery) = paths.get("/.well-known/openid-configuration").cloned() {
        let second = "/.well-known/oauth-authorization-server";
        paths.insert(second.to_owned(), discovery);
    }
    api
}
