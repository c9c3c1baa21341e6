//! What a file of issuers may say.

use super::*;

const GOOD: &str = r#"
[[issuer]]
name = "keycloak"
issuer = "https://sso.test/realms/r"
audience = "escale-api"
algorithms = ["RS256", "EdDSA"]
scopes = ["tours:read"]
roles = { traveller = "user" }
roles_claim = "realm_access.roles"
"#;

fn faults(text: &str) -> String {
    match parse(text, Some("https://localhost:8080")) {
        Ok(_) => String::new(),
        Err(faults) => faults.join("\n"),
    }
}

#[test]
fn what_is_not_written_takes_the_strict_default() {
    let issuers = parse(GOOD, None).expect("no fault");
    let [issuer] = issuers.as_slice() else {
        panic!("one issuer: {issuers:?}");
    };
    assert_eq!(issuer.types, ["at+jwt"]);
    assert_eq!(issuer.hosts, [("sso.test".to_owned(), 443)]);
    assert_eq!(
        (issuer.longest_life, issuer.mapping.scope_claim.as_str()),
        (3_600, "scope")
    );
    assert_eq!(issuer.mapping.roles_path, ["realm_access", "roles"]);
    let document = "https://sso.test/realms/r/.well-known/openid-configuration";
    assert_eq!(issuer.document.as_str(), document);
    assert_eq!(parse("", None), Ok(Vec::new()));
}

#[test]
fn a_slash_at_the_issuers_end_stays_in_its_name_and_is_not_doubled_in_its_document() {
    let text = GOOD.replace("/realms/r\"", "/\"");
    let issuers = parse(&text, None).expect("no fault");
    assert_eq!(issuers[0].issuer, "https://sso.test/");
    let document = "https://sso.test/.well-known/openid-configuration";
    assert_eq!(issuers[0].document.as_str(), document);
}

#[test]
fn every_wrong_value_is_told() {
    for (good, bad, told) in [
        ("\"keycloak\"", "\"escale\"", "`name` is the platform's own"),
        ("\"keycloak\"", "\"Key Cloak\"", "`name` has other"),
        (
            "https://sso.test/realms/r",
            "https://localhost:8080",
            "`issuer` is the platform's own",
        ),
        (
            "https://sso.test/realms/r",
            "http://sso.test",
            "`issuer` must be an https URL",
        ),
        (
            "https://sso.test/realms/r",
            "https://sso.test/?a",
            "`issuer` must be an https URL",
        ),
        (
            "https://sso.test/realms/r",
            "https://u@sso.test/",
            "`issuer` must be an https URL",
        ),
        (
            "\"RS256\", \"EdDSA\"",
            "\"HS256\"",
            "`algorithms` must name",
        ),
        ("\"RS256\", \"EdDSA\"", "\"none\"", "`algorithms` must name"),
        ("\"RS256\", \"EdDSA\"", "", "`algorithms` must name"),
        ("\"escale-api\"", "\"\"", "`audience` is empty"),
        ("= \"user\"", "= \"root\"", "`roles` gives another role"),
        (
            "realm_access.roles",
            "realm_access..roles",
            "`roles_claim` is no path",
        ),
        ("\"tours:read\"", "\"tours read\"", "`scopes` has a scope"),
        (
            "scopes",
            "longest_life = 0\nscopes",
            "`longest_life` must be",
        ),
        ("scopes", "types = []\nscopes", "`types` names none"),
        ("scopes", "hosts = [\"a/b\"]\nscopes", "`hosts` must be"),
        (
            "scopes",
            "ca_file = \"/nowhere\"\nscopes",
            "`ca_file` is not a file",
        ),
        ("scopes", "scope = []\nscopes", "unknown field `scope`"),
        ("audience = \"escale-api\"", "", "missing field `audience`"),
    ] {
        let text = GOOD.replacen(good, bad, 1);
        let found = faults(&text);
        assert!(found.contains(told), "{bad}: {found}");
    }
}

#[test]
fn two_issuers_have_two_names_and_all_faults_are_told_at_once() {
    let found = faults(&format!("{GOOD}{GOOD}"));
    assert!(
        found.contains("`name` is there twice") && found.contains("`issuer` is there twice"),
        "{found}"
    );
}

#[test]
fn an_unknown_key_is_told_with_its_line() {
    let found = faults("[[issuer]]\nname = \"a\"\nkey = 1\n");
    assert!(found.contains("line 3"), "{found}");
}
