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
    let wait = request.until.as_deref();
    let wait = wait.map(|condition| waiting(request, condition));
    let before: Vec<String> = request.before.iter().cloned().chain(wait).collect();
    let before = (!before.is_empty()).then(|| event("prerequest", &before.join("\n")));
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
    let url = &request.send.url;
    let bearer = request.bearer.iter();
    let bearer = bearer.map(|whose| format!("Authorization: \"Bearer {{{{{whose}Token}}}}\""));
    let own = request.headers.iter();
    let own = own.map(|(key, value)| format!("\"{key}\": \"{value}\""));
    let headers = bearer.chain(own).collect::<Vec<_>>().join(", ");
    format!(
        r#"const end = Date.now() + 15000;
const headers = {{ {headers} }};
Object.keys(headers).forEach((name) => (headers[name] = pm.variables.replaceIn(headers[name])));
(function look() {{
    pm.sendRequest({{ url: pm.variables.replaceIn("{url}"), header: headers }}, (error, answer) => {{
        const over = !error && {condition};
        if (!over && Date.now() < end) setTimeout(look, 250);
    }});
}})();"#
    )
}
