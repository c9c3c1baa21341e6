//! Tokens that are bound to a key.

use super::*;

/// RFC 7800 section 3.1, RFC 8705 section 3.1: whoever shows it must prove that he holds a key, and nobody asks him.
#[tokio::test]
async fn a_token_that_is_bound_to_a_key_is_no_bearer_token() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    for cnf in [
        json!({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}),
        json!({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
        json!({"jwk": issuer.jwk()}),
        json!({}),
        json!(""),
        Value::Null,
    ] {
        let token = issuer.token_with("cnf", cnf.clone());
        assert_invalid(&tokens.verify(&token).await, &format!("cnf: {cnf}"));
    }
}
