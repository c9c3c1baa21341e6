//! `#[on_each_engine]`: one test body, a run on each database engine.
//!
//! It reads one word of the function, its name, so it needs no parser of Rust (`syn` and `quote` would be the heaviest
//! part of this crate).

use proc_macro::{TokenStream, TokenTree};

/// Makes two tests of an `async fn claim(engine: Engine)`: `claim::on_sqlite` and `claim::on_postgresql`. What
/// stands in the brackets is for `#[tokio::test]`. Where PostgreSQL is not lent, the second says SKIPPED.
#[proc_macro_attribute]
pub fn on_each_engine(flavour: TokenStream, function: TokenStream) -> TokenStream {
    let Some(name) = name_of(&function) else {
        return "compile_error!(\"on_each_engine stands before an async fn\");"
            .parse()
            .expect("a macro call");
    };
    // A function and a module may have the same name: they live in different namespaces.
    let runs = format!(
        "mod {name} {{
            #[::tokio::test({flavour})]
            async fn on_sqlite() {{
                super::{name}(::escale_engines::Engine::Sqlite).await;
            }}
            #[::tokio::test({flavour})]
            async fn on_postgresql() {{
                let engine = ::escale_engines::Engine::Postgresql;
                if engine.is_lent().await {{
                    super::{name}(engine).await;
                }}
            }}
        }}"
    );
    let runs: TokenStream = runs.parse().expect("the module above is Rust");
    [function, runs].into_iter().collect()
}

fn name_of(function: &TokenStream) -> Option<String> {
    let mut words = function
        .clone()
        .into_iter()
        .skip_while(|token| !is_fn(token));
    words.next()?;
    Some(words.next()?.to_string())
}

fn is_fn(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word.to_string() == "fn")
}
