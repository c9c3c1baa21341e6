//! What the gateway adds to an operation, out of its route table: who may call, how often, and what it refuses itself.

use escale_schemas::Schema;
use gateway::route_table::body::Content;
use gateway::route_table::{Access, LimitClass, Route, Target, WrittenRow};
use serde_json::{Map, Value, json};
use service_kit::error::{Code, Language};

use crate::texts::Texts;

/// The refusals of the gateway's own layers, and of the services behind all of their routes.
pub fn refusals(route: &Route, row: &WrittenRow, method: &str) -> Vec<Code> {
    let mut codes = vec![
        Code::MalformedRequest,
        Code::AmbiguousPath,
        Code::AmbiguousHeader,
        Code::MethodNotAllowed,
        Code::NotAcceptable,
        Code::RequestTimeout,
        Code::BodyTooLarge,
        Code::UriTooLong,
        Code::UnsupportedMediaType,
        Code::HeadersTooLarge,
        Code::TooManyRequests,
        Code::Internal,
    ];
    if row.text("path").contains('{') {
        // An id such as `..`, which a client resolves before it sends the path.
        codes.push(Code::RouteNotFound);
    }
    if let Access::Protected { roles, .. } = &route.access {
        codes.extend([
            Code::AuthorizationMissing,
            Code::TokenMissing,
            Code::TokenExpired,
            Code::TokenInvalid,
            Code::InsufficientScope,
        ]);
        codes.extend((!roles.is_empty()).then_some(Code::RoleRequired));
        codes.extend(route.access.takes_api_keys().then_some(Code::ApiKeyInvalid));
    }
    codes.extend((route.limits.by_address.len() > 1).then_some(Code::EndpointLimitReached));
    codes.extend(
        route
            .limits
            .quota
            .as_ref()
            .map(|_| Code::DailyQuotaExceeded),
    );
    if route.target != Target::Gateway {
        // Whoever is banned may still ask what the gateway answers by itself.
        codes.extend([
            Code::Jailed,
            Code::BadGateway,
            Code::ServiceUnavailable,
            Code::UpstreamTimeout,
        ]);
    }
    codes.extend(route.audit.as_ref().map(|_| Code::AuditUnavailable));
    let method = method.parse().unwrap_or_default();
    if let Some(Content::Judged(schema)) = route.body_of(&method).map(|policy| &policy.content) {
        codes.push(Code::MalformedJson);
        codes.push(match schema {
            Schema::Booking => Code::InvalidBooking,
            _ => Code::InvalidData,
        });
    }
    codes
}

/// `security`, and what programs may want to read of the policy.
pub fn extensions(route: &Route) -> Map<String, Value> {
    let limits = route.limits.all().map(|class| {
        let by = by(class, route);
        let (requests, seconds) = (class.requests, class.window.as_secs());
        json!({ "policy": class.name, "requests": requests, "seconds": seconds, "by": by })
    });
    let mut fields = Map::new();
    fields.insert("x-rate-limit".to_owned(), limits.collect());
    fields.insert("security".to_owned(), security(route));
    if let Access::Protected { roles, .. } = &route.access
        && !roles.is_empty()
    {
        fields.insert("x-roles".to_owned(), json!(roles));
    }
    if let Some(action) = &route.audit {
        fields.insert("x-audit".to_owned(), (&**action).into());
    }
    fields
}

/// In 3.1 the list behind a scheme's name may hold what is required beside it, whatever its type.
fn security(route: &Route) -> Value {
    match &route.access {
        Access::Public if route.client_credentials => json!([{ "client": [] }, {}]),
        Access::Public => json!([]),
        Access::Protected {
            scopes,
            api_key: true,
            ..
        } => {
            json!([{ "bearer": scopes }, { "apiKey": scopes }])
        }
        Access::Protected { scopes, .. } => json!([{ "bearer": scopes }]),
    }
}

/// Access, limits and audit as a reader wants them.
pub fn in_words(route: &Route, texts: &Texts) -> String {
    let mut lines = vec![access(route, texts)];
    let limits = route.limits.all().map(|class| limit(class, route, texts));
    let limits: Vec<_> = limits.collect();
    let comma = texts.language.pick(" ; ", "; ");
    lines.push(
        texts
            .say("policy.limits")
            .replace("{limits}", &limits.join(comma)),
    );
    if let Some(action) = &route.audit {
        lines.push(texts.say("policy.audit").replace("{action}", action));
    }
    let lines = lines.iter().map(|line| format!("- {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn access(route: &Route, texts: &Texts) -> String {
    let Access::Protected { scopes, roles, .. } = &route.access else {
        return texts.say("policy.public").to_owned();
    };
    let key = match (roles.is_empty(), route.access.takes_api_keys()) {
        (true, false) => "policy.scope",
        (true, true) => "policy.scope_or_key",
        (false, _) => "policy.scope_and_role",
    };
    let text = texts.say(key).replace("{scopes}", &scopes.join(" "));
    text.replace("{roles}", &roles.join(", "))
}

fn limit(class: &LimitClass, route: &Route, texts: &Texts) -> String {
    let requests = thousands(u64::from(class.requests.get()), texts.language);
    let span = match class.window.as_secs() {
        60 => texts.say("policy.minute").to_owned(),
        86_400 => texts.say("policy.day").to_owned(),
        seconds => format!("{seconds} s"),
    };
    let by = texts.say(&format!("policy.by_{}", by(class, route)));
    let text = texts.say("policy.limit").replace("{requests}", &requests);
    let text = text.replace("{span}", &span).replace("{by}", by);
    text.replace("{class}", &class.name)
}

/// The quota of a public route counts by address: it has no user.
fn by(class: &LimitClass, route: &Route) -> &'static str {
    let quota = route.limits.quota.as_ref();
    let is_quota = quota.is_some_and(|quota| quota.class.name == class.name);
    match is_quota && route.access != Access::Public {
        true => "user",
        false => "address",
    }
}

/// 16384 as people read it.
pub fn thousands(number: u64, language: Language) -> String {
    let digits = number.to_string();
    let separator = language.pick('\u{202f}', ',');
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}
