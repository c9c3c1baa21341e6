//! Where revocations come from, whatever it is.

use futures_util::future::BoxFuture;

/// Gives revocations in their order, each once to who counts.
pub trait Feed: Send + Sync {
    /// What came after `position`; without one, all that is in force. It may wait for news, for some seconds. The error
    /// is for the log.
    fn after<'a>(&'a self, position: Option<&'a Position>) -> BoxFuture<'a, Result<News, String>>;
}

/// Up to where a feed was read. It means something to that feed alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub feed: String,
    pub after: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// What to ask from next.
    pub position: Position,
    /// There is more at once.
    pub more: bool,
    pub revocations: Vec<Revocation>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    pub what: What,
    /// The second from which on no token that it touches lives.
    pub ends: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// By `jti`.
    Token(Box<str>),
    /// By `sid`.
    Family(Box<str>),
    /// By `sub`, tokens issued until this second.
    Subject(Box<str>, i64),
}
