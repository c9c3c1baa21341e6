//! `access`: who may take a route.

use super::fields::Fields;
use http::Method;

use crate::route_table::{Access, ROLES};

/// `"public"`, or a table of scopes, roles and `api_key`. There is no third form, and none is assumed.
pub(super) fn read_access(fields: &mut Fields<'_, '_>) -> Option<Access> {
    if fields.is_text("access") {
        let public = fields.required_text("access")? == "public";
        if !public {
            fields.fault(
                "access",
                "is \"public\", or { scopes = [...], roles = [...], api_key = true }",
            );
        }
        return public.then_some(Access::Public);
    }
    let mut inner = fields.required_table("access", &["scopes", "roles", "api_key"])?;
    let scopes = inner.required_words("scopes");
    let roles = inner.optional_words("roles");
    let api_key = inner.flag("api_key");
    let (scopes, roles, api_key) = (scopes?, roles?, api_key?);
    if scopes.is_empty() {
        inner.fault("scopes", "a protected route asks for a scope");
    }
    for scope in &scopes {
        // RFC 6749 section 3.3 allows more; ours are words with a colon.
        let plain = !scope.is_empty()
            && scope
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b':');
        if !plain {
            inner.fault("scopes", format!("{scope:?} is not a scope"));
        }
    }
    for role in &roles {
        if !ROLES.contains(role) {
            inner.fault(
                "roles",
                format!("{role:?} is not one of user, guide, admin"),
            );
        }
    }
    if api_key && !roles.is_empty() {
        inner.fault("api_key", "a key has no role, and the route asks for one");
    }
    let boxed = |words: Vec<&str>| words.into_iter().map(Box::from).collect();
    Some(Access::Protected {
        scopes: boxed(scopes),
        roles: boxed(roles),
        api_key,
    })
}

/// T1: a key is for public resources. It says nothing of who holds it, so it is for reading and for nothing else.
pub(super) fn check_api_key(fields: &mut Fields<'_, '_>, access: &Access, methods: &[Method]) {
    if access.takes_api_keys() && methods.iter().any(|method| method != Method::GET) {
        fields.fault("access", "api_key is for routes that only read (GET)");
    }
}
