//! Every page of the project: each block of commands is run as it is written, on a fresh platform, and gives what the page
//! shows; or the page says why it is not run. The labs' texts are tried by `cargo lab verify`.
//!
//! It takes a minute or two, so it is asked for by name: `cargo test -p escale-lab --test pages -- --ignored --nocapture`. `PAGES`
//! names those to try where not all are meant, labs' texts too: `PAGES=README.md`. On Windows the PowerShell blocks are run, elsewhere the others.

use std::path::{Path, PathBuf};
use std::time::Instant;

use escale_lab::console::Console;
use escale_lab::exercise::git::Git;
use escale_lab::page::Page;
use escale_lab::page::block::Language;
use escale_lab::page::platform::{Platform, ports};
use escale_lab::page::trial::{Between, Trial};
use escale_lab::service::Service;
use escale_lab::texts::Lang;
use escale_lab::workshop::{Workshop, told};
use escale_lab::workspace_copy::Taken;

/// Written, and compared, by a test of its own: `lab/tests/walk.rs`.
const WALK: &str = "docs/lab-04-walk.fr.md";
/// An empty page list must not pass for one without faults.
const FEWEST_PAGES: usize = 20;

const CONSOLE: Console = Console {
    lang: Lang::En,
    json: false,
    color: false,
    progress: false,
};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every page that git knows or would know after `git add`.
fn pages() -> Vec<(PathBuf, Page)> {
    let files = Git::open(&workspace()).and_then(|git| git.files(true));
    let files = files.expect("the files of the workspace").into_iter();
    let pages = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    let pages = pages.filter(|file| file != Path::new(WALK));
    // What is deleted and not yet committed is listed all the same.
    let read = pages.filter_map(|file| {
        let text = std::fs::read_to_string(workspace().join(&file)).ok()?;
        Some((file, Page::parse(&text)))
    });
    read.collect()
}

fn is_of_a_lab(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.starts_with("exercises") && name.starts_with("lab.")
}

fn lang(file: &Path) -> Lang {
    match file.to_string_lossy().ends_with(".fr.md") {
        true => Lang::Fr,
        false => Lang::En,
    }
}

/// A lab's texts are asked for by name, or by `cargo lab verify`.
fn is_asked(file: &Path, asked: &str) -> bool {
    match asked.is_empty() {
        true => !is_of_a_lab(file),
        false => asked.split(',').any(|name| file == Path::new(name.trim())),
    }
}

fn has_some(page: &Page, language: Language) -> bool {
    page.examples(language).next().is_some()
}

#[test]
fn every_block_of_commands_is_run_or_its_page_says_why_not() {
    let pages = pages();
    assert!(pages.len() >= FEWEST_PAGES, "{} pages", pages.len());
    let faults = pages.iter().flat_map(|(file, page)| {
        let faults = page.faults().into_iter();
        faults.map(|fault| fault.told(&file.display(), &CONSOLE))
    });
    let faults: Vec<_> = faults.collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
#[ignore = "starts a platform for each page: .ci/docs asks for it"]
async fn every_page_shows_what_its_commands_give() {
    let language = match cfg!(windows) {
        true => Language::PowerShell,
        false => Language::Sh,
    };
    let asked = std::env::var("PAGES").unwrap_or_default();
    let mut pages = pages();
    pages.retain(|(file, _)| is_asked(file, &asked));
    let profile = Path::new(env!("CARGO_BIN_EXE_lab"));
    let profile = profile.parent().expect("a folder");
    // The workshop of `cargo lab verify`, which has mostly been built before.
    let shop = Workshop::open(&workspace(), profile, "verify", Taken::WithNew, |_| true);
    let shop = shop.expect("a copy of the workspace");
    // Ports that are free now may be taken by the end of a build.
    shop.build(&Service::ALL.map(Service::program))
        .unwrap_or_else(|error| panic!("{}", told(error)));
    let (mut tried, mut faulty) = (0, Vec::new());
    for (file, page) in pages.iter().filter(|(_, page)| has_some(page, language)) {
        let ports = ports().expect("free ports");
        let platform = Platform::of(&shop, lang(file), &ports);
        let fault = try_page(file, page, language, &platform).await.err();
        faulty.extend(fault.map(|fault| format!("{}: {fault}", file.display())));
        tried += 1;
    }
    tell_the_rest(&pages, language);
    assert!(tried > 0, "no page has a block to run");
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}

async fn try_page(
    file: &Path,
    page: &Page,
    language: Language,
    platform: &Platform,
) -> Result<(), String> {
    let begun = Instant::now();
    let trial = Trial {
        page,
        language,
        between: Between::Pause,
        platform,
        console: CONSOLE,
    };
    let tried = match platform.up().await {
        Ok(()) => trial.run().await,
        Err(error) => Err(error.to_string()),
    };
    platform.down().await;
    let (count, seconds) = (
        page.examples(language).count(),
        begun.elapsed().as_secs_f64(),
    );
    println!("{}: {count} blocks, {seconds:.1} s", file.display());
    tried
}

/// Nothing is left out in silence.
fn tell_the_rest(pages: &[(PathBuf, Page)], language: Language) {
    let all = pages.iter().map(|(_, page)| page);
    let run: usize = all
        .clone()
        .map(|page| page.examples(language).count())
        .sum();
    let (other, name) = match language {
        Language::Sh => (Language::PowerShell, "PowerShell"),
        Language::PowerShell => (Language::Sh, "sh"),
    };
    let others: usize = all.clone().map(|page| page.examples(other).count()).sum();
    for (file, page) in pages {
        for block in page.not_run() {
            let why = block.reason().unwrap_or("no reason");
            println!("{}:{}: not run: {why}", file.display(), block.line);
        }
    }
    let not_run: usize = all.map(|page| page.not_run().count()).sum();
    println!("{} pages: {run} blocks run, {not_run} not run", pages.len());
    println!("SKIPPED: {others} blocks of {name}, which another system runs");
}
