//! The JavaScript of one request: what the source says in a word, written out for Postman's sandbox.

use serde_json::{Value, json};

use super::source::Request;

/// A script as Postman keeps it: line by line.
pub fn event(listen: &str, script: &str) -> Value {
    let lines: Vec<&str> = script.trim().lines().map(str::trim_end).collect();
    json!({"listen": listen, "script": {"type": "text/javascript", "exec": lines}})
}

/// What runs around one request.
pub fn events(request: &Request) -> Vec<Value> {
    let before = match (&request.before, &request.until) {
        (Some(before), _) => Some(before.clone()),
        (None, Some(condition)) => Some(waiting(request, condition)),
        (None, None) => None,
    };
    let before = before.map(|script| event("prerequest", &script));
    before
        .into_iter()
        .chain([event("test", &tests(request))])
        .collect()
}

fn tests(request: &Request) -> String {
    let statuses: Vec<String> = request.answer.iter().map(u16::to_string).collect();
    let mut script = format!(
        "pm.test(\"HTTP {}\", () => pm.expect(pm.response.code).to.be.oneOf([{}]));\n",
        statuses.join(" / "),
        statuses.join(", ")
    );
    if let Some(code) = &request.code {
        script += &format!(
            "pm.test(\"code: {code}\", () => pm.expect(pm.response.json().code).to.eql(\"{code}\"));\n"
        );
    }
    script + request.after.trim()
}

/// The same `GET` by script, four times a second, 15 seconds at the most; the request itself then shows what came of it.
fn waiting(request: &Request, condition: &str) -> String {
    let url = request.send.trim_start_matches("GET ");
    let bearer = request.bearer.as_deref().unwrap_or_default();
    format!(
        r#"const end = Date.now() + 15000;
(function look() {{
    const asked = {{
        url: pm.variables.replaceIn("{url}"),
        header: {{ Authorization: "Bearer " + pm.collectionVariables.get("{bearer}Token") }},
    }};
    pm.sendRequest(asked, (error, answer) => {{
        const over = !error && {condition};
        if (!over && Date.now() < end) setTimeout(look, 250);
    }});
}})();"#
    )
}
