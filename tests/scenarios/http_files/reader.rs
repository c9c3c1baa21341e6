//! A `.http` file as the REST clients of editors read it: as much of the format as VS Code's and JetBrains' have in
//! common, and the chaining by name of VS Code's.

use std::collections::BTreeMap;

use serde_json::Value;

#[derive(Debug, Default)]
pub struct HttpFile {
    /// `@name = value`
    pub variables: BTreeMap<String, String>,
    pub requests: Vec<HttpRequest>,
}

#[derive(Debug, Default)]
pub struct HttpRequest {
    /// What stands behind `###`.
    pub title: String,
    /// `# @name login`
    pub name: Option<String>,
    /// `# 401 token_invalid`
    pub expected: Option<(u16, Option<String>)>,
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl HttpFile {
    pub fn parse(text: &str) -> Self {
        let mut parts = text.split("\n### ");
        let head = parts.next().unwrap_or_default().lines();
        let variables = head.filter_map(|line| line.strip_prefix('@')?.split_once('='));
        Self {
            variables: variables
                .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
                .collect(),
            requests: parts.map(HttpRequest::parse).collect(),
        }
    }
}

impl HttpRequest {
    fn parse(text: &str) -> Self {
        let (top, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = top.lines();
        let mut request = Self {
            title: lines.next().unwrap_or_default().trim().to_owned(),
            body: body.trim().to_owned(),
            ..Self::default()
        };
        for line in lines {
            if let Some(name) = line.strip_prefix("# @name ") {
                request.name = Some(name.trim().to_owned());
            } else if let Some(said) = line.strip_prefix("# ") {
                let mut words = said.split(' ');
                let status = words.next().and_then(|word| word.parse().ok());
                request.expected = status.map(|status| (status, words.next().map(str::to_owned)));
            } else if request.method.is_empty() {
                let (method, url) = line.split_once(' ').expect("a method and an address");
                (request.method, request.url) = (method.to_owned(), url.to_owned());
            } else {
                let (name, value) = line.split_once(": ").expect("a header");
                request.headers.push((name.to_owned(), value.to_owned()));
            }
        }
        request
    }
}

/// Puts values in the place of `{{name}}`, and of `{{login.response.body.$.access_token}}` what the request of that
/// name was answered.
pub fn filled(
    text: &str,
    variables: &BTreeMap<String, String>,
    answers: &BTreeMap<String, Value>,
) -> String {
    let mut parts = text.split("{{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").expect("a closed variable");
        let value = match name.split_once(".response.body.$.") {
            Some((request, member)) => {
                let answer = answers.get(request);
                let answer = answer.unwrap_or_else(|| panic!("{request} was not sent before"));
                let value = answer[member].as_str();
                value
                    .unwrap_or_else(|| panic!("no {member} in {answer}"))
                    .to_owned()
            }
            None => {
                let value = variables.get(name);
                let value = value.unwrap_or_else(|| panic!("{name} has no value"));
                filled(value, variables, answers)
            }
        };
        whole.push_str(&value);
        whole.push_str(rest);
    }
    whole
}

#[test]
fn a_file_is_its_variables_and_its_requests() {
    let file = HttpFile::parse(
        "# Words.\n@base = https://x\n@token = {{login.response.body.$.t}}\n\n### One\n# 201\n# @name login\nPOST {{base}}/a\nAccept: b\n\n{\"c\": 1,\n\n\"d\": 2}\n\n### Two\n# 401 token_invalid\nGET {{base}}/e\nX: {{token}}\n",
    );
    let [one, two] = &file.requests[..] else {
        panic!("{:?}", file.requests);
    };
    assert_eq!(
        (one.title.as_str(), one.name.as_deref()),
        ("One", Some("login"))
    );
    assert_eq!(
        (one.method.as_str(), one.url.as_str()),
        ("POST", "{{base}}/a")
    );
    assert_eq!(one.expected, Some((201, None)));
    assert_eq!(one.body, "{\"c\": 1,\n\n\"d\": 2}");
    assert_eq!(two.expected, Some((401, Some("token_invalid".to_owned()))));
    let answers = BTreeMap::from([("login".to_owned(), serde_json::json!({"t": "abc"}))]);
    let (name, value) = &two.headers[0];
    assert_eq!(
        (name.as_str(), filled(value, &file.variables, &answers)),
        ("X", "abc".to_owned())
    );
    assert_eq!(filled(&two.url, &file.variables, &answers), "https://x/e");
}
