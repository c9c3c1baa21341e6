//! Who is who. Settings: `BADGE_KEY`, `GATE_PASS` (or `..._FILE`), `LISTEN_ADDR`.

use escale_app_kit::Key;
use escale_gate::user_service;

const PORT: u16 = 8083;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let app = user_service::app(Key::required("BADGE_KEY")?, Key::required("GATE_PASS")?);
    escale_app_kit::serve(app, PORT).await
}
