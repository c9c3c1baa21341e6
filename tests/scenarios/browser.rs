//! The description of the API as a person uses it, in a real browser.

use escale_tests::browser::Browser;
use escale_tests::Town;

#[tokio::test]
#[ignore = "SKIPPED: wants Chromium and its chromedriver; .ci/browser runs it"]
async fn the_page_describes_the_api_and_tries_it_under_its_strict_policy() {
    let town = Town::start().await;
    let token = town.user().await.token().to_owned();
    let browser = Browser::start().await;
    let page = format!("https://localhost:{}/docs", town.address("gateway").port());

    browser.open(&format!("{page}?lang=en")).await;
    browser.reads("#operations-tag-bookings", "bookings").await;
    browser.reads(".info .title", "Escale").await;
    assert_eq!(
        browser.run("return document.documentElement.lang").await,
        "en"
    );

    // Without a token first: the refusal is shown, in the page's language.
    let search = r#"[data-path="/api/tours"]"#;
    browser.click(&format!(".opblock-get {search}")).await;
    browser.click(".opblock-get.is-open .try-out__btn").await;
    browser.click(".opblock-get.is-open .execute").await;
    browser
        .reads(".live-responses-table .response-col_status", "401")
        .await;
    browser
        .reads(".live-responses-table .response-col_description", "Error")
        .await;
    // The browser itself writes a line about each answer of 4xx.
    let refusals = browser.errors().await;
    assert!(
        refusals.iter().all(|line| line.contains("401")),
        "{refusals:?}"
    );

    browser.click(".auth-wrapper .authorize").await;
    browser.write("#auth-bearer-value", &token).await;
    browser
        .click("form:has(#auth-bearer-value) .authorize")
        .await;
    browser.click(".auth-container .btn-done").await;
    browser.click(".opblock-get.is-open .execute").await;
    browser
        .reads(".live-responses-table .response-col_status", "200")
        .await;

    browser.click(r#"nav [hreflang="fr"]"#).await;
    browser
        .reads(".info .renderedMarkdown", "Tout passe par la passerelle")
        .await;
    assert_eq!(
        browser.run("return document.documentElement.lang").await,
        "fr"
    );
    assert_eq!(
        browser.errors().await,
        [""; 0],
        "nothing was refused, nothing failed"
    );

    // The policy is in force: a script that something slips into the page does not run.
    let slipped = "const script = document.createElement('script'); script.textContent = 'window.slipped = true'; \
                   document.body.append(script); return window.slipped ?? false";
    assert_eq!(browser.run(slipped).await, false);
    let refused = browser.errors().await;
    assert!(
        refused
            .iter()
            .any(|line| line.contains("Content Security Policy")),
        "{refused:?}"
    );
}
