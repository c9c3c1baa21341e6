//! What the labs' own small programs (01, 02) share, so that their files hold the lesson and nothing else: a place to
//! listen, a secret key, and a refusal. A learner reads it, and changes nothing in it.

mod key;
mod listen;
mod refusal;

pub use key::Key;
pub use listen::serve;
pub use refusal::Refusal;
