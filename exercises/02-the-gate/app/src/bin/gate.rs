//! The only way in. Settings: `BADGE_KEY`, `GATE_PASS` (or `..._FILE`), `LISTEN_ADDR`, `USERS_ADDR`, `PRODUCTS_ADDR`.

use std::env;

use escale_app_kit::Key;
use escale_gate::gate::{self, Gate};

const PORT: u16 = 8082;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let gate = Gate::new(
        Key::required("BADGE_KEY")?,
        &Key::required("GATE_PASS")?,
        &address("USERS_ADDR", "127.0.0.1:8083"),
        &address("PRODUCTS_ADDR", "127.0.0.1:8084"),
    )?;
    escale_app_kit::serve(gate::app(gate), PORT).await
}

fn address(name: &str, usual: &str) -> String {
    env::var(name).unwrap_or_else(|_| usual.to_owned())
}
