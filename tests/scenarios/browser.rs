//! The description of the API as a person uses it, in a real browser.

use escale_tests::Town;
use escale_tests::browser::Browser;

const OPEN: &str = ".opblock-get.is-open";
const STATUS: &str = ".live-responses-table tbody .response-col_status";
const ANSWER: &str = ".live-responses-table tbody .response-col_description";

#[tokio::test]
#[ignore = "SKIPPED: wants Chromium and its chromedriver; .ci/browser runs it"]
async fn the_page_describes_the_api_and_tries_it_under_its_strict_policy() {
    let town = Town::start().await;
    let token = town.user().await.token().to_owned();
    let browser = Browser::start().await;
    let page = format!("https://localhost:{}/docs", town.address("gateway").port());

    // A page that is loaded again has forgotten the token.
    for (input, credential) in [
        ("#auth-bearer-value", token),
        ("#api_key_value", town.api_key()),
    ] {
        browser.open(&format!("{page}?lang=en")).await;
        browser.reads("#operations-tag-bookings", "bookings").await;
        list_tours_without_credentials(&browser).await;
        authorize(&browser, input, &credential).await;
        browser.click(&format!("{OPEN} .execute")).await;
        browser.reads(STATUS, "200").await;
        assert_no_errors(&browser).await;
    }

    browser.click(r#"nav [hreflang="fr"]"#).await;
    let introduction = ".info .renderedMarkdown";
    browser
        .reads(introduction, "Tout passe par la passerelle")
        .await;
    let language = browser.run("return document.documentElement.lang").await;
    assert_eq!(language, "fr");
    assert_no_errors(&browser).await;
    assert_what_slips_in_does_not_run(&browser).await;
}

/// The refusal is shown, in the page's language.
async fn list_tours_without_credentials(browser: &Browser) {
    let list = r#".opblock-get [data-path="/api/tours"]"#;
    browser.click(list).await;
    browser.click(&format!("{OPEN} .try-out__btn")).await;
    browser.click(&format!("{OPEN} .execute")).await;
    browser.reads(STATUS, "401").await;
    browser.reads(ANSWER, "Authorization header missing").await;
    // The browser itself writes a line about each answer of 4xx.
    let lines = browser.errors().await;
    assert!(lines.iter().all(|line| line.contains("401")), "{lines:?}");
}

async fn authorize(browser: &Browser, input: &str, credential: &str) {
    browser.click(".auth-wrapper .authorize").await;
    browser.write(input, credential).await;
    browser
        .click(&format!("form:has({input}) .authorize"))
        .await;
    browser.click(".auth-container .btn-done").await;
}

/// Nothing was refused by the page's policy, and nothing failed.
async fn assert_no_errors(browser: &Browser) {
    assert_eq!(browser.errors().await, [""; 0]);
}

async fn assert_what_slips_in_does_not_run(browser: &Browser) {
    let slipped = "const script = document.createElement('script'); script.textContent = 'window.slipped = true'; \
                   document.body.append(script); return window.slipped ?? false";
    assert_eq!(browser.run(slipped).await, false);
    let lines = browser.errors().await;
    let refused = |line: &String| line.contains("Content Security Policy");
    assert!(lines.iter().any(refused), "{lines:?}");
}
