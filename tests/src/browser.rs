//! A real browser, spoken to by WebDriver (W3C, over plain HTTP): Chromium through the chromedriver that
//! `ESCALE_CHROMEDRIVER` names.

use std::process::Stdio;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::eventually::eventually;

/// It ends, and the browser with it, when this is dropped.
pub struct Browser {
    client: Client,
    session: String,
    _driver: Child,
}

/// How WebDriver names an element in JSON (section 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    /// # Panics
    /// Without `ESCALE_CHROMEDRIVER`: who runs a browser's scenario wants a browser.
    pub async fn start() -> Self {
        let program = std::env::var("ESCALE_CHROMEDRIVER").expect("ESCALE_CHROMEDRIVER names one");
        let mut driver = Command::new(program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver starts");
        let port = port_of(&mut driver).await;
        let client = Client::builder().no_proxy().build().expect("a client");
        let base = format!("http://127.0.0.1:{port}/session");
        let options = json!({ "capabilities": { "alwaysMatch": {
            // Certificates are the matter of other scenarios.
            "acceptInsecureCerts": true,
            "goog:loggingPrefs": { "browser": "ALL" },
            // Chromium's own sandbox wants to be run by somebody else than root, as CI does.
            "goog:chromeOptions": { "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"] },
        } } });
        let opened = client.post(&base).json(&options).send().await;
        let opened: Value = opened.expect("an answer").json().await.expect("JSON");
        let id = opened.pointer("/value/sessionId").and_then(Value::as_str);
        let id = id.unwrap_or_else(|| panic!("no session: {opened}"));
        Self {
            session: format!("{base}/{id}"),
            client,
            _driver: driver,
        }
    }

    pub async fn open(&self, url: &str) {
        self.post("url", &json!({ "url": url }))
            .await
            .expect("a page");
    }

    /// What a script of the test's returns. The page's policy does not hold for it.
    pub async fn run(&self, script: &str) -> Value {
        let command = json!({ "script": script, "args": [] });
        self.post("execute/sync", &command)
            .await
            .expect("a script that runs")
    }

    /// Clicks the first element of a CSS selector, as soon as it can be clicked.
    pub async fn click(&self, selector: &str) {
        eventually(&format!("a click on {selector}"), async || {
            self.of_element(selector, "click", json!({})).await.is_ok()
        })
        .await;
    }

    pub async fn write(&self, selector: &str, text: &str) {
        eventually(&format!("a text in {selector}"), async || {
            self.of_element(selector, "value", json!({ "text": text }))
                .await
                .is_ok()
        })
        .await;
    }

    /// Waits until the text of an element holds this.
    pub async fn reads(&self, selector: &str, expected: &str) {
        let script = format!(
            "return document.querySelector({})?.innerText ?? ''",
            json!(selector)
        );
        eventually(&format!("{selector}: {expected}"), async || {
            let text = self.run(&script).await;
            text.as_str().is_some_and(|text| text.contains(expected))
        })
        .await;
    }

    /// The errors in the console since the last time, refusals of the page's policy among them.
    pub async fn errors(&self) -> Vec<String> {
        let entries = self
            .post("se/log", &json!({ "type": "browser" }))
            .await
            .expect("a log");
        let entries = entries.as_array().cloned().unwrap_or_default().into_iter();
        let severe = entries.filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].to_string()).collect()
    }

    async fn of_element(&self, selector: &str, what: &str, body: Value) -> Result<Value, Value> {
        let search = json!({ "using": "css selector", "value": selector });
        let found = self.post("element", &search).await?;
        let id = found[ELEMENT].as_str().unwrap_or_default();
        self.post(&format!("element/{id}/{what}"), &body).await
    }

    /// The `value` of the answer; as an error where WebDriver has one.
    async fn post(&self, command: &str, body: &Value) -> Result<Value, Value> {
        let request = self.client.post(format!("{}/{command}", self.session));
        let answer = request.json(body).send().await.expect("an answer");
        let is_good = answer.status().is_success();
        let mut answer: Value = answer.json().await.expect("JSON");
        let value = answer["value"].take();
        if is_good { Ok(value) } else { Err(value) }
    }
}

/// `ChromeDriver was started successfully on port 41234.`
async fn port_of(driver: &mut Child) -> u16 {
    let output = driver.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await.expect("its output") {
        let port = line
            .rsplit_once("successfully on port ")
            .map(|(_, port)| port.trim_end_matches('.'));
        if let Some(port) = port.and_then(|port| port.parse().ok()) {
            return port;
        }
    }
    panic!("chromedriver says no port")
}
