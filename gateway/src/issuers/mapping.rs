//! What a foreign token's claims mean here.
//!
//! Scopes and roles pass by an allow-list: what the operator has not written down is dropped, so that no foreign
//! administrator is one here by the name of his role. A user's id is made of issuer and subject: two issuers may both
//! have an `alice`, or a `sub` that is the UUID of one of our accounts.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{Context, SHA256};
use serde_json::Value;
use uuid::Uuid;

/// Keeps our hashes apart from those that somebody else makes of the same texts.
const PURPOSE: &[u8] = b"escale foreign subject v1";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Where scopes are: a text of words or a list.
    pub scope_claim: String,
    /// Scopes that a token of this issuer may carry.
    pub scopes: Vec<String>,
    /// Where roles are: the members to go through, `realm_access` and then `roles`.
    pub roles_path: Vec<String>,
    /// Their role, and ours.
    pub roles: BTreeMap<String, String>,
}

/// Something in the token has not the form that its issuer's configuration says. The text is for the log.
pub(crate) type Misread = &'static str;

impl Mapping {
    /// Our scopes, in the order of the configuration. A claim that is not there gives none.
    pub(crate) fn scopes(&self, claims: &Value) -> Result<Vec<&str>, Misread> {
        let words = match claims.get(&self.scope_claim) {
            None => Vec::new(),
            Some(Value::String(text)) => text.split(' ').collect(),
            Some(Value::Array(list)) => texts(list).ok_or("a scope is no text")?,
            Some(_) => return Err("the scope is neither a text nor a list"),
        };
        let allowed = self.scopes.iter().map(String::as_str);
        Ok(allowed.filter(|scope| words.contains(scope)).collect())
    }

    /// Our roles, each once. A claim that is not there gives none.
    pub(crate) fn roles(&self, claims: &Value) -> Result<Vec<&str>, Misread> {
        let mut value = claims;
        for name in &self.roles_path {
            match value.get(name) {
                Some(inner) => value = inner,
                None if value.is_object() => return Ok(Vec::new()),
                None => return Err("the claim of roles is no object"),
            }
        }
        let list = value.as_array().ok_or("the roles are no list")?;
        let theirs = texts(list).ok_or("a role is no text")?;
        let ours = theirs.iter().filter_map(|role| self.roles.get(*role));
        let mut ours: Vec<&str> = ours.map(String::as_str).collect();
        ours.sort_unstable();
        ours.dedup();
        Ok(ours)
    }
}

/// The id under which our services know a foreign subject: always the same one. A UUID, because services keep users by
/// UUIDs; of version 8 (RFC 9562 section 5.8), so that it is never that of an account of ours, which are of version 4.
pub fn user_id(issuer: &str, subject: &str) -> Uuid {
    let mut hash = Context::new(&SHA256);
    hash.update(PURPOSE);
    // The length first: of two texts in a row, nobody could tell where the first one ends.
    hash.update(&(issuer.len() as u64).to_be_bytes());
    hash.update(issuer.as_bytes());
    hash.update(subject.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finish().as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn texts(list: &[Value]) -> Option<Vec<&str>> {
    list.iter().map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mapping() -> Mapping {
        let roles = [
            ("traveller", "user"),
            ("visitor", "user"),
            ("leader", "guide"),
        ];
        Mapping {
            scope_claim: "scope".to_owned(),
            scopes: vec!["tours:read".to_owned(), "bookings:read".to_owned()],
            roles_path: vec!["realm_access".to_owned(), "roles".to_owned()],
            roles: roles.map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
        }
    }

    #[test]
    fn only_what_is_on_the_list_passes() {
        let mapping = mapping();
        for scope in [
            json!("openid tours:read tours:write"),
            json!(["tours:read", "admin"]),
        ] {
            let claims = json!({ "scope": scope });
            assert_eq!(mapping.scopes(&claims), Ok(vec!["tours:read"]), "{scope}");
        }
        let roles = json!({"realm_access": {"roles": ["admin", "user", "visitor", "traveller"]}});
        assert_eq!(mapping.roles(&roles), Ok(vec!["user"]));
        let names = json!({"realm_access": {"roles": ["admin", "user", "guide"]}});
        assert_eq!(
            mapping.roles(&names),
            Ok(vec![]),
            "our own names mean nothing there"
        );
        assert_eq!(
            (mapping.scopes(&json!({})), mapping.roles(&json!({}))),
            (Ok(vec![]), Ok(vec![]))
        );
    }

    #[test]
    fn a_claim_of_another_form_is_a_fault_and_not_nothing() {
        let mapping = mapping();
        for scope in [json!(7), json!({}), json!(null), json!([7]), json!(true)] {
            assert!(
                mapping.scopes(&json!({ "scope": scope })).is_err(),
                "{scope}"
            );
        }
        for roles in [
            json!(7),
            json!("user"),
            json!({}),
            json!(null),
            json!([null]),
        ] {
            let claims = json!({"realm_access": {"roles": roles}});
            assert!(mapping.roles(&claims).is_err(), "{roles}");
        }
        assert!(mapping.roles(&json!({"realm_access": ["roles"]})).is_err());
    }

    #[test]
    fn a_subject_has_one_id_an_issuer_and_never_that_of_an_account_of_ours() {
        let id = user_id("https://a.test", "alice");
        assert_eq!(id, user_id("https://a.test", "alice"));
        for (issuer, subject) in [
            ("https://b.test", "alice"),
            ("https://a.test", "bob"),
            ("https://a.testa", "lice"),
        ] {
            assert_ne!(id, user_id(issuer, subject));
        }
        assert_eq!(id.get_version_num(), 8);
        let ours = Uuid::new_v4();
        assert_ne!(user_id("https://a.test", &ours.to_string()), ours);
    }
}
