//! `access`: who may take a route.

use super::fields::Fields;
use crate::route_table::{Access, ROLES};

/// `"public"`, or a table of scopes and roles. There is no third form, and none is assumed.
pub(super) fn read_access(fields: &mut Fields<'_, '_>) -> Option<Access> {
    if fields.is_text("access") {
        let public = fields.required_text("access")? == "public";
        if !public {
            fields.fault(
                "access",
                "is \"public\", or { scopes = [...], roles = [...] }",
            );
        }
        return public.then_some(Access::Public);
    }
    let mut inner = fields.required_table("access", &["scopes", "roles"])?;
    let scopes = inner.required_words("scopes");
    let roles = inner.optional_words("roles");
    let (scopes, roles) = (scopes?, roles?);
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
    let boxed = |words: Vec<&str>| words.into_iter().map(Box::from).collect();
    Some(Access::Protected {
        scopes: boxed(scopes),
        roles: boxed(roles),
    })
}
