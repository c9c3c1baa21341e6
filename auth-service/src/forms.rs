//! What callers may send, field by field. Anything else is refused (R14).

mod account_rules;
mod login_form;
mod refresh_form;
mod register_form;
mod token_request;

pub use account_rules::broken_rules;
pub use login_form::LoginForm;
pub use refresh_form::RefreshForm;
pub use register_form::RegisterForm;
pub use token_request::TokenRequest;
