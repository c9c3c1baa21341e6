//! Who runs the platform sees who is banned, and frees.

use escale_tests::platform::{Platform, text_of};
use escale_tests::{Visitor, eventually};
use http::Method;
use serde_json::{Value, json};

use super::{guarded, keys, until_jailed};

#[tokio::test]
async fn an_operator_lists_and_frees_and_all_of_it_stands_in_the_audit_log() {
    let town = guarded().await;
    let visitor = town.visitor();
    assert!(keys(&town).await.is_empty());
    until_jailed(async |_| visitor.get("/wp-login").await).await;
    let list = town.operate(Method::GET, "/jail").await;
    let line = &list.json()["items"][0];
    assert_eq!(
        (
            &line["key"],
            &line["banned"],
            &line["bans"],
            &line["offence"]
        ),
        (
            &json!("127.0.0.1"),
            &json!(true),
            &json!(1),
            &json!("not_found")
        )
    );
    let free = async || town.operate(Method::DELETE, "/jail/127.0.0.1").await;
    free().await.assert_status(204);
    free().await.assert_status(404);
    visitor
        .get("/wp-login")
        .await
        .assert_refused(404, "route_not_found");
    let recorded = |action: &str, name: &str| -> Vec<Value> {
        let records = town.audit().into_iter();
        let records = records.filter(|record| record["event.action"] == action);
        records.map(|record| record[name].clone()).collect()
    };
    // The last: records stand in the order of what happened.
    eventually("the second free is recorded", async || {
        recorded("jail.free", "event.outcome").len() == 4
    })
    .await;
    assert_eq!(recorded("jail.ban", "source.ip"), ["127.0.0.1"]);
    assert_eq!(recorded("jail.list", "url.path").len(), 2);
    assert_eq!(
        recorded("jail.free", "event.outcome"),
        ["unknown", "success", "unknown", "failure"]
    );
    assert_eq!(recorded("jail.free", "url.path")[1], "/jail/127.0.0.1");
    assert_eq!(recorded("jail.free", "source.ip")[1], "127.0.0.1");
    // The public face knows nothing of it.
    visitor
        .get("/jail")
        .await
        .assert_refused(404, "route_not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lab_lists_and_frees_on_the_running_platform() {
    let platform = Platform::up();
    let json = |args: &[&str]| -> Value {
        let output = platform.lab(args);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text_of(&output)))
    };
    assert_eq!(json(&["jail", "list", "--json"]), json!({"items": []}));
    let visitor = Visitor::of_platform(&platform);
    until_jailed(async |_| visitor.get("/wp-login").await).await;

    let list = json(&["jail", "list", "--json"]);
    assert_eq!(list["items"][0]["key"], "127.0.0.1");
    // Whichever came last before the ban: beyond the limit most answers are its own.
    let offence = list["items"][0]["offence"].as_str().unwrap();
    let told = match offence {
        "limited" => "trop de requêtes",
        "not_found" => "chemins ou objets inconnus",
        other => panic!("nothing else was done, and it says {other}"),
    };
    let shown = text_of(&platform.lab(&["jail", "list"]));
    assert!(
        shown.contains("127.0.0.1") && shown.contains(told),
        "{shown}"
    );

    let freed = platform.lab(&["jail", "free", "127.0.0.1"]);
    assert!(
        freed.status.success() && text_of(&freed).contains("libéré"),
        "{}",
        text_of(&freed)
    );
    for (action, told) in [
        ("jail.free", ["end    jail.free", "/jail/127.0.0.1"]),
        ("jail.ban", ["ip=127.0.0.1", offence]),
    ] {
        eventually("the audit log shows it", async || {
            let shown = text_of(&platform.lab(&["audit", "show", "--action", action]));
            told.iter().all(|text| shown.contains(text))
        })
        .await;
    }
    let unknown = platform.lab(&["jail", "free", "127.0.0.1"]);
    assert_eq!(unknown.status.code(), Some(1), "{}", text_of(&unknown));
    let wrong = platform.lab(&["jail", "free", "127.0.0"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", text_of(&wrong));
    // The limit goes on counting, and gives a request back every 0.6 s.
    eventually("he is let in again", async || {
        visitor.get("/wp-login").await.status == 404
    })
    .await;
}
