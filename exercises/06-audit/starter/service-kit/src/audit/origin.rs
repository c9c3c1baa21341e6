//! Who asked for what, from where.

use std::net::IpAddr;

use http::{HeaderValue, Method, Uri};
use uuid::Uuid;

use crate::context::RequestContext;

// TODO(lab 06): ce que le client choisit est écrit tel quel : paramètres de l'URL, caractères de contrôle, longueur.
// Ne gardez que ce qu'un enregistrement peut montrer à n'importe quel lecteur.
//
// - Le chemin, sans ses paramètres : on y trouve ce que les gens tapent, et parfois des jetons (R15).
// - Rien de décodé, rien qui puisse finir une ligne ou piloter un terminal, rien d'interminable : agent 200 caractères,
//   chemin 500, méthode 20, utilisateur 128. Cela vaut pour les quatre.
//
// What the client chooses is written as it is: query, control characters, length. Keep only what a record may show
// to any reader.
//
// - The path, without its query: people type things into it, and sometimes it holds tokens (R15).
// - Nothing decoded, nothing that could end a line or steer a terminal, nothing without end: agent 200
//   characters, path 500, method 20, user 128. For each of these four.
/// Made of a request's parts.
#[derive(Debug, Clone)]
pub struct Origin {
    pub(super) user: Option<Box<str>>,
    pub(super) address: Option<IpAddr>,
    pub(super) agent: Option<Box<str>>,
    pub(super) request: Option<Asked>,
}

/// A request, in the record's words.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) method: Box<str>,
    pub(super) path: Box<str>,
    pub(super) request_id: Uuid,
    pub(super) trace_id: Box<str>,
}

impl Origin {
    pub fn new(method: &Method, uri: &Uri, context: &RequestContext) -> Self {
        Self {
            request: Some(Asked {
                method: method.as_str().into(),
                path: readable(uri).into(),
                request_id: context.request_id,
                trace_id: context.trace_id.as_str().into(),
            }),
            ..Self::without_request()
        }
    }

    /// For what is about somebody, and not about one request of his: a ban.
    pub fn without_request() -> Self {
        Self {
            user: None,
            address: None,
            agent: None,
            request: None,
        }
    }

    /// The verified user's or application's id, never a pseudo or an e-mail address.
    #[must_use]
    pub fn user(mut self, id: Option<&str>) -> Self {
        self.user = id.map(Into::into);
        self
    }

    #[must_use]
    pub fn address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    #[must_use]
    pub fn agent(mut self, agent: Option<&HeaderValue>) -> Self {
        let text = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        self.agent = text.map(Into::into);
        self
    }
}

/// `/caf%C3%A9` is hard to read.
fn readable(uri: &Uri) -> String {
    let text = uri.to_string();
    let mut bytes = Vec::new();
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(&part.as_bytes()[2..]);
            }
            None => bytes.extend(format!("%{part}").bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
