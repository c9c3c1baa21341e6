//! The tables of the pages on scaling, in both languages; each stands between two marks in its page.

use std::fmt::Write;

use super::{Cost, Figures, HABITS, Machine, SERVICES};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    English,
    French,
}

impl Tongue {
    fn pick<'a>(self, french: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }

    /// French separates decimals by a comma and thousands by a space that does not break.
    fn number(self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits: Vec<char> = whole.chars().rev().collect();
        let groups: Vec<String> = digits
            .chunks(3)
            .map(|group| group.iter().collect())
            .collect();
        let whole: String = groups
            .join(self.pick("\u{202f}", ","))
            .chars()
            .rev()
            .collect();
        match fraction {
            "" => whole,
            fraction => format!("{whole}{}{fraction}", self.pick(",", ".")),
        }
    }
}

/// The page with its tables made anew. Everything else stays as it is.
pub fn written(page: &str, figures: &Figures, tongue: Tongue) -> String {
    let page = between(page, "measured", &measured(figures, tongue));
    between(&page, "needs", &needs(figures, tongue))
}

fn between(page: &str, mark: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->\n"));
    let (before, rest) = page.split_once(&begin).expect("the mark of a table");
    let (_, after) = rest.split_once(&end).expect("the table's other mark");
    format!("{before}{begin}{table}{end}{after}")
}

fn measured(figures: &Figures, tongue: Tongue) -> String {
    let mut text = heading(&figures.machine, &figures.day, tongue);
    let total = tongue.pick(
        "opérations/s par cœur, tous services",
        "operations/s a core, all services",
    );
    let operation = tongue.pick("ms de processeur", "ms of CPU");
    row(
        &mut text,
        operation,
        SERVICES.iter().map(|service| (*service).to_owned()),
        total,
    );
    text.push_str("|---|---|---|---|---|---|---|\n");
    for (name, cost) in [
        (tongue.pick("une recherche", "a search"), &figures.read),
        (
            tongue.pick("une nouvelle connexion TLS", "a new TLS connection"),
            &figures.connection,
        ),
        (
            tongue.pick(
                "une connexion d'utilisateur (argon2id)",
                "a login (argon2id)",
            ),
            &figures.login,
        ),
        (
            tongue.pick(
                "un achat (réservation et paiement)",
                "a purchase (booking and payment)",
            ),
            &figures.purchase,
        ),
    ] {
        let of = |cost: &Cost, service: &str| cost.get(service).copied().unwrap_or_default();
        let cells = SERVICES.map(|service| tongue.number(of(cost, service), 2));
        let sum: f64 = SERVICES.iter().map(|service| of(cost, service)).sum();
        row(
            &mut text,
            name,
            cells.into_iter(),
            &tongue.number(1_000.0 / sum, 0),
        );
    }
    let stores = &figures.purchases_per_second;
    let postgresql = stores.postgresql.map_or_else(
        || tongue.pick("non mesuré", "not measured").to_owned(),
        |value| tongue.number(value, 0),
    );
    let _ = writeln!(
        text,
        "\n{} {} (SQLite), {} (PostgreSQL).",
        tongue.pick(
            "Achats par seconde, services, base et charge sur la même machine :",
            "Purchases a second, services, database and load on the one machine:"
        ),
        tongue.number(stores.sqlite, 0),
        postgresql,
    );
    text
}

/// Where and how, and what is wrong with the figures because of it.
fn heading(machine: &Machine, day: &str, tongue: Tongue) -> String {
    let Machine {
        processor, cores, ..
    } = machine;
    let measured = tongue.pick("Mesuré le", "Measured on");
    let unit = tongue.pick("cœurs", "cores");
    let mut text = format!("{measured} {day} ({processor}, {cores} {unit}).");
    if machine.busy {
        text.push_str(tongue.pick(
            " **La machine faisait autre chose en même temps : chiffres trop pessimistes.**",
            " **The machine did other things meanwhile: the figures are too pessimistic.**",
        ));
    }
    if !machine.optimised {
        text.push_str(tongue.pick(
            " **Compilation de développement, pas la version optimisée : plusieurs fois trop lent.**",
            " **A development build, not a release: several times too slow.**",
        ));
    }
    text.push_str("\n\n");
    text
}

fn needs(figures: &Figures, tongue: Tongue) -> String {
    let days = [10_000.0, 100_000.0, 1_000_000.0].map(|users| figures.needs(users, &HABITS));
    let mut text = String::new();
    let users = days.iter().map(|needs| tongue.number(needs.users, 0));
    line(
        &mut text,
        tongue.pick("utilisateurs par jour", "users a day"),
        users,
    );
    text.push_str("|---|---|---|---|\n");
    let a_second = [
        tongue.pick("requêtes/s", "requests/s"),
        tongue.pick("poignées de main TLS/s", "TLS handshakes/s"),
        tongue.pick("connexions d'utilisateurs/s", "logins/s"),
        tongue.pick("achats/s", "purchases/s"),
    ];
    for (index, name) in a_second.into_iter().enumerate() {
        let rates = days.iter().map(|needs| needs.a_second()[index]);
        line(&mut text, name, rates.map(|rate| tongue.number(rate, 2)));
    }
    for (index, service) in SERVICES.iter().enumerate() {
        let name = format!("{} {service}", tongue.pick("cœurs,", "cores,"));
        line(
            &mut text,
            &name,
            days.iter()
                .map(|needs| tongue.number(needs.cores[index], 2)),
        );
    }
    let sums = days
        .iter()
        .map(|needs| tongue.number(needs.cores.iter().sum(), 1));
    line(
        &mut text,
        tongue.pick("**cœurs en tout**", "**cores in all**"),
        sums,
    );
    text
}

fn row(text: &mut String, first: &str, cells: impl Iterator<Item = String>, last: &str) {
    line(text, first, cells.chain([last.to_owned()]));
}

fn line(text: &mut String, first: &str, cells: impl Iterator<Item = String>) {
    let _ = write!(text, "| {first} |");
    for cell in cells {
        let _ = write!(text, " {cell} |");
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        assert_eq!(Tongue::English.number(1_234_567.0, 0), "1,234,567");
        assert_eq!(Tongue::French.number(1_234.5, 1), "1\u{202f}234,5");
        assert_eq!(Tongue::English.number(0.25, 2), "0.25");
    }

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = "a\n<!-- needs -->\nold\n<!-- /needs -->\nb\n";
        let expected = "a\n<!-- needs -->\nnew\n<!-- /needs -->\nb\n";
        assert_eq!(between(page, "needs", "new\n"), expected);
    }
}
