//! What applications may send to `/oauth/token`, field by field. The JSON bodies are in `escale_schemas`, which the
//! gateway knows too.

mod token_request;

pub use token_request::TokenRequest;
