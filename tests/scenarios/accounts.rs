//! Accounts and sessions at the gateway's `/auth/*`.

use std::time::Duration;

use escale_tests::Town;
use http::Method;
use serde_json::json;

#[tokio::test]
async fn a_new_user_registers_logs_in_and_is_known() {
    let town = Town::start().await;
    let user = town.user().await;
    let me = user.get("/auth/me").await.assert_status(200);
    assert_eq!(me.field("/pseudo"), user.pseudo);
    assert_eq!(me.json()["roles"], json!(["user"]));
    assert_eq!(
        me.header("cache-control"),
        "no-store",
        "personal data is not cached"
    );
    assert_eq!(user.session["token_type"], "Bearer");
    assert_eq!(user.session["expires_in"], 900);
}

#[tokio::test]
async fn registration_tells_all_faults_at_once_in_the_callers_language() {
    let town = Town::start().await;
    let visitor = town.visitor();
    let body = json!({"pseudo": "a", "email": "nobody", "password": "short", "role": "admin"});
    let answer = visitor
        .post("/auth/register", &body)
        .await
        .assert_refused(400, "invalid_data");
    let pointers: Vec<_> = answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(pointers, ["/email", "/password", "/pseudo", "/role"]);
    assert_eq!(answer.field("/error"), "Données invalides");
    let request = visitor.request(Method::POST, "/auth/register");
    let english = visitor
        .send(request.header("accept-language", "en").json(&body))
        .await;
    assert_eq!(english.field("/error"), "Invalid data");
    assert_eq!(english.header("content-language"), "en");
}

#[tokio::test]
async fn a_taken_name_is_refused_whatever_its_case() {
    let town = Town::start().await;
    let body = json!({"pseudo": "ALICE", "email": "other@canary.example", "password": "Canari-assez-long"});
    town.visitor()
        .post("/auth/register", &body)
        .await
        .assert_refused(409, "pseudo_taken");
}

/// Proves: as-brute-force
#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_get_the_same_answer() {
    let town = Town::start().await;
    let mut answers = Vec::new();
    for pseudo in ["alice", "nobody-of-that-name"] {
        let body = json!({"pseudo": pseudo, "password": "Canari-mais-le-mauvais"});
        let answer = town.visitor().post("/auth/login", &body).await;
        let answer = answer.assert_refused(401, "credentials_invalid");
        let mut json = answer.json();
        json.as_object_mut().unwrap().remove("requestId");
        answers.push(json);
    }
    assert_eq!(answers[0], answers[1]);
}

/// Proves: R2, T5, T9, as-refresh
#[tokio::test]
async fn a_refresh_rotates_and_a_reuse_ends_the_family() {
    let town = Town::start().await;
    let user = town.user().await;
    let first = user.session["refresh_token"].clone();
    let visitor = town.visitor();
    let refresh = async |token: &serde_json::Value| {
        visitor
            .post("/auth/refresh", &json!({"refresh_token": token}))
            .await
    };
    let second = refresh(&first).await.assert_status(200);
    escale_tests::logs::canary(&second.field("/refresh_token"));
    assert_ne!(second.json()["refresh_token"], first);
    visitor
        .with_token(&second.field("/access_token"))
        .get("/auth/me")
        .await
        .assert_status(200);
    // Two tabs: within ten seconds the same successor.
    let twin = refresh(&first).await.assert_status(200);
    assert_eq!(twin.json()["refresh_token"], second.json()["refresh_token"]);
    // A thief: later than that, nobody keeps the family.
    town.pass(Duration::from_secs(11));
    refresh(&first)
        .await
        .assert_refused(401, "refresh_token_invalid");
    let successor = second.json()["refresh_token"].clone();
    refresh(&successor)
        .await
        .assert_refused(401, "refresh_token_invalid");
}

/// Proves: T9
#[tokio::test]
async fn after_logout_the_refresh_token_is_dead() {
    let town = Town::start().await;
    let user = town.user().await;
    let body = json!({"refresh_token": user.session["refresh_token"]});
    user.post("/auth/logout", &body).await.assert_status(204);
    user.post("/auth/logout", &body).await.assert_status(204);
    town.visitor()
        .post("/auth/refresh", &body)
        .await
        .assert_refused(401, "refresh_token_invalid");
}

/// Proves: R8, L2, J2, J3, S2
#[tokio::test]
async fn an_access_token_lives_fifteen_minutes() {
    let town = Town::start().await;
    let user = town.user().await;
    town.pass(Duration::from_secs(14 * 60));
    user.get("/auth/me").await.assert_status(200);
    town.pass(Duration::from_secs(62));
    let answer = user
        .get("/auth/me")
        .await
        .assert_refused(401, "token_expired");
    assert_eq!(answer.field("/error"), "Token expiré");
    assert!(
        answer
            .header("www-authenticate")
            .contains("error=\"invalid_token\"")
    );
}

/// Proves: API2:2019, as-lockout
#[tokio::test]
async fn ten_wrong_passwords_lock_the_account_and_its_sessions_until_time_has_passed() {
    let town = Town::start().await;
    let user = town.user().await;
    let right = json!({"pseudo": user.pseudo, "password": user.password});
    let wrong = json!({"pseudo": user.pseudo, "password": "Canari-mais-le-mauvais"});
    let visitor = town.visitor();
    for _ in 0..10 {
        visitor
            .post("/auth/login", &wrong)
            .await
            .assert_refused(401, "credentials_invalid");
    }
    visitor
        .post("/auth/login", &right)
        .await
        .assert_refused(401, "credentials_invalid");
    // CVE-2026-16103: the lock is looked at for every grant, not only at the start.
    let refresh = json!({"refresh_token": user.session["refresh_token"]});
    visitor
        .post("/auth/refresh", &refresh)
        .await
        .assert_refused(401, "refresh_token_invalid");
    town.pass(Duration::from_secs(15 * 60 + 1));
    visitor.login(&user.pseudo, &user.password).await;
}

/// Proves: R4
#[tokio::test]
async fn an_e_mail_stands_nowhere_readable_in_the_database() {
    let mut town = Town::start().await;
    town.user().await;
    town.stop("auth").await;
    let bytes = std::fs::read(town.database("auth")).unwrap();
    assert!(bytes.len() > 4096, "the database was written");
    let needle = b"canary.example";
    assert!(!bytes.windows(needle.len()).any(|window| window == needle));
}
