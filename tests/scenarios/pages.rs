//! The pages of docs/ say what the code does.

mod links;
mod pairs;

use std::collections::BTreeSet;

const PAGES: [(&str, &str); 2] = [
    (
        "docs/architecture.md",
        include_str!("../../docs/architecture.md"),
    ),
    (
        "docs/architecture.fr.md",
        include_str!("../../docs/architecture.fr.md"),
    ),
];
const ROUTES: [(&str, &str); 5] = [
    ("auth", include_str!("../../auth-service/src/routes.rs")),
    (
        "catalog",
        include_str!("../../catalog-service/src/routes.rs"),
    ),
    (
        "booking",
        include_str!("../../booking-service/src/routes.rs"),
    ),
    (
        "payment",
        include_str!("../../payment-service/src/routes.rs"),
    ),
    (
        "bank",
        include_str!("../../payment-service/src/test_bank/routes.rs"),
    ),
];

/// "caller service path", from the `.route(...)` lines and the list of callers that closes their group.
pub(crate) fn callers_in_code() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (service, code) in ROUTES {
        let mut group = Vec::new();
        for piece in code.split(".route(").skip(1) {
            group.push(piece.split('"').nth(1).expect("a path"));
            let Some((_, list)) = piece.split_once("Callers::of(&[") else {
                continue;
            };
            let (list, _) = list.split_once(']').expect("the list's end");
            for path in group.drain(..) {
                let callers = list.split('"').skip(1).step_by(2);
                found.extend(callers.map(|caller| format!("{caller} {service} {path}")));
            }
        }
        assert!(
            group.is_empty(),
            "{service}: routes without a list of callers: {group:?}"
        );
    }
    found
}

/// The same, from the rows "| `service` | `path`, `path` | `caller` |".
fn callers_on(page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in page.lines() {
        let cells: Vec<Vec<&str>> = line
            .split('|')
            .skip(1)
            .map(|cell| cell.split('`').skip(1).step_by(2).collect())
            .collect();
        let [service, paths, callers, ..] = cells.as_slice() else {
            continue;
        };
        let ([service], [caller]) = (service.as_slice(), callers.as_slice()) else {
            continue;
        };
        let paths = paths.iter().filter(|path| path.starts_with('/'));
        found.extend(paths.map(|path| format!("{caller} {service} {path}")));
    }
    found
}

/// Proves: API9:2019, API9:2023
#[test]
fn the_architecture_page_names_every_route_between_services_and_its_callers() {
    let code = callers_in_code();
    assert!(
        code.contains("payment booking /internal/bookings/{id}/confirm"),
        "{code:#?}"
    );
    for (name, page) in PAGES {
        assert_eq!(callers_on(page), code, "{name}");
    }
}
