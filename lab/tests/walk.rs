//! Lab 04 as a student goes through it, from `start` to `next`, in a copy of this tree. What the commands print is
//! `docs/lab-04-walk.fr.md`, and this test finds where it no longer is.
//!
//! It takes minutes, so it is asked for by name: `cargo test -p escale-lab --test walk -- --ignored`. With
//! `WRITE_WALK=1` it writes the page instead of comparing.

#[path = "walk/masks.rs"]
mod masks;
#[path = "walk/student.rs"]
mod student;

use std::path::Path;

use escale_lab::answer_pattern::compare;
use escale_lab::answer_pattern::ids::Ids;

use student::{Shown, Student};

const PAGE: &str = "docs/lab-04-walk.fr.md";
const LAYER: &str = "gateway/src/layers/rate_limit.rs";
const HEAD: &str = "# Le TP 04, pas à pas

Cette page est écrite par un programme qui fait le TP comme un étudiant, et vérifiée à chaque changement du projet
(`lab/tests/walk.rs`). `…` remplace ce qui change d'une fois à l'autre : durées, identifiants. Elle montre la solution :
ne la lisez pas avant d'avoir cherché.
";

fn walk() -> String {
    let mut page = HEAD.to_owned();
    let student = Student::at_a_fresh_copy();
    let mut step = |title: &str, words: &str, arguments: &[&str], ends: i32, shown: Shown| {
        let said = student.runs(arguments, ends);
        let said = shown.of(&said);
        let command = arguments.join(" ");
        page.push_str(&format!(
            "\n## {title}\n\n{words}\n\n```text\n$ cargo lab {command}\n{said}\n```\n"
        ));
    };
    let whole = Shown::Whole;
    step(
        "Commencer",
        "Une branche git est créée ; la défense y est enlevée. Le texte du TP s'affiche (abrégé ici).",
        &["start", "04"],
        0,
        Shown::Ends(8, 8),
    );
    step(
        "L'attaque réussit",
        "Avant d'écrire quoi que ce soit, voir ce qui manque.",
        &["attack", "04"],
        0,
        whole,
    );
    step(
        "Un indice",
        "Une question d'abord ; les deux suivants seront plus précis.",
        &["hint", "04"],
        0,
        whole,
    );
    student.writes_decoy("by-forwarded-for");
    step(
        "Une mauvaise réponse",
        "L'idée qui vient souvent : compter par l'adresse que donne `X-Forwarded-For`. Elle compile, et presque tout passe.",
        &["check", "04"],
        1,
        whole,
    );
    student.writes_reference(
        LAYER,
        "    let by_address = &route.limits.by_address;",
        "    // L'adresse d'abord, puis les classes strictes que la route nomme.\n    let by_address = &route.limits.by_address;",
    );
    step(
        "La bonne réponse",
        "C'est le client qui écrit cet en-tête. On compte par l'adresse que `client_address` a établie.",
        &["check", "04"],
        0,
        whole,
    );
    step(
        "La même attaque échoue",
        "Le code de sortie est 1 : une attaque est un programme qui se termine bien quand elle réussit.",
        &["attack", "04"],
        1,
        whole,
    );
    let answers = student.quiz_answers_with_one_wrong();
    step(
        "Le quiz",
        "Cinq questions ; la première réponse est fausse, exprès.",
        &["quiz", "04", "--answers", &answers],
        1,
        whole,
    );
    step(
        "Comparer",
        "Après le succès, sa version à côté de celle du projet.",
        &["diff", "04"],
        0,
        whole,
    );
    student.commits();
    step(
        "Continuer",
        "Le travail est validé dans git ; le prochain TP qui n'est pas fait commence.",
        &["next"],
        0,
        Shown::Ends(4, 6),
    );
    page
}

#[test]
#[ignore = "takes minutes: .ci/run asks for it"]
fn the_page_shows_what_a_student_sees() {
    let page = walk();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PAGE);
    if std::env::var_os("WRITE_WALK").is_some() {
        std::fs::write(place, page).expect("written");
        return;
    }
    let committed = std::fs::read_to_string(place).expect("the page");
    if let Err(parted) = compare(&committed, &page, &mut Ids::default()) {
        panic!(
            "{PAGE} shows {:?}, and now comes {:?}; all of it:\n{page}",
            parted.wanted, parted.came
        );
    }
}
