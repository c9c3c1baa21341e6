//! Verifies access tokens (RFC 9068, L2, R6): who signed them, for whom, and until when.
//!
//! jsonwebtoken checks the signature. What it does not check, or more loosely, or against the system's clock, is done
//! here: `typ`, unknown header members (`crit`, `jwk`, `jku`, `x5u` ...), strict types, issuer and audience, `exp`,
//! `iat` and `nbf` against the service's clock. The algorithm is the key's, never the token's. That a token has expired
//! or was revoked is looked at each time, also for one that is remembered. `docs/tokens.md` tells the whole way.

mod claims;
mod foreign;
mod header;
mod judge;
mod unique_json;

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use service_kit::clock::{Clock, Timestamp};

use crate::bounded_cache::BoundedCache;
use crate::issuers::{Issuer, Rules};
use crate::jwks::Key;
use crate::metrics::{TOKEN_CACHE_HITS, TOKEN_CACHE_MISSES};
use crate::revocations::{Mark, Revocations};
use claims::Claims;
pub use claims::Verified;
use header::{Header, claimed_issuer};
use unique_json::UniqueJson;

/// Our own tokens have some 700 bytes; a longer one than this is not worth a hash.
const LONGEST_TOKEN: usize = 8 * 1024;

/// How long a request waits for the first list of revocations after the gateway's start.
const FIRST_LIST: Duration = Duration::from_secs(3);

/// Two generations of this many tokens that were verified already, some 700 bytes each: checking a signature costs some
/// 70 microseconds, finding a hash less than one.
const GENERATION: usize = 8_192;

/// SHA-256 of a token.
type Fingerprint = [u8; 32];

/// A token whose signature and claims were good. Whether it still counts (its keys, its end, a revocation) is asked
/// each time.
#[derive(Debug)]
struct Known {
    verified: Arc<Verified>,
    /// By what it can be revoked; a foreign token has none.
    mark: Option<Mark>,
    /// The place of its issuer in the list of issuers.
    issuer: usize,
    /// Of the keys that verified it. When one of them is taken back the issuer's epoch rises, and this entry is void.
    epoch: u64,
}

/// Why a token is refused. The texts are for the log; they quote nothing of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("the token has expired")]
    Expired,
    #[error("{0}")]
    Invalid(&'static str),
    /// Nobody can say whether the token is good: the gateway has not had the keys yet.
    #[error("no key of the issuer is known")]
    NoKeys,
    /// Nor whether it was taken back: the list of revocations has not come yet.
    #[error("the revocations are not known yet")]
    NoRevocations,
}

/// The verifier. Clones share keys and cache.
#[derive(Clone)]
pub struct Tokens(Arc<Shared>);

struct Shared {
    /// Our own first.
    issuers: Vec<Issuer>,
    revocations: Revocations,
    clock: Clock,
    cache: BoundedCache<Fingerprint, Arc<Known>>,
}

impl Tokens {
    /// `issuers`: our own first. `revocations` are those of our own tokens.
    pub fn of(issuers: Vec<Issuer>, revocations: Revocations, clock: Clock) -> Self {
        Self(Arc::new(Shared {
            issuers,
            revocations,
            clock,
            cache: BoundedCache::new(GENERATION),
        }))
    }

    /// Whether tokens of our own issuer can be judged: without keys and revocations the gateway is not ready. A foreign
    /// issuer that is away closes its own tokens only.
    pub fn is_ready(&self) -> bool {
        let own = self.0.issuers.first();
        own.is_some_and(|own| own.jwks.is_present()) && self.0.revocations.is_complete()
    }

    /// # Errors
    /// [`TokenFault::Expired`] for a token that was good; [`TokenFault::NoKeys`] and [`TokenFault::NoRevocations`] when
    /// nobody can say yet; [`TokenFault::Invalid`] for everything else.
    pub async fn verify(&self, token: &str) -> Result<Arc<Verified>, TokenFault> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenFault::Invalid("the token is too long"));
        }
        let now = self.0.clock.now();
        let fingerprint = fingerprint(token);
        let known = match self.remembered(&fingerprint) {
            Some(known) => {
                metrics::counter!(TOKEN_CACHE_HITS).increment(1);
                known
            }
            None => {
                metrics::counter!(TOKEN_CACHE_MISSES).increment(1);
                self.verify_anew(token, fingerprint, now).await?
            }
        };
        self.check_is_in_force(&known, now).await?;
        Ok(Arc::clone(&known.verified))
    }

    /// What was verified with keys that are still in use.
    fn remembered(&self, fingerprint: &Fingerprint) -> Option<Arc<Known>> {
        let known = self.0.cache.get(fingerprint)?;
        let epoch = self.0.issuers.get(known.issuer)?.jwks.epoch();
        (known.epoch == epoch).then_some(known)
    }

    /// Remembers only that the token is good, and whose it is. What it opens is decided anew at each request: a cache
    /// that holds decisions forgets for which scope they were made (CVE-2021-32701). A bad token is not remembered:
    /// whoever makes up tokens would fill the memory with them.
    async fn verify_anew(
        &self,
        token: &str,
        fingerprint: Fingerprint,
        now: Timestamp,
    ) -> Result<Arc<Known>, TokenFault> {
        let header = Header::read(token)?;
        let (place, issuer) = self.issuer_of(token)?;
        judge::admit(&header, &issuer.rules)?;
        let keys = issuer.jwks.current_for(&header.kid).await;
        if keys.is_empty() {
            return Err(TokenFault::NoKeys);
        }
        let key = keys
            .get(&header.kid)
            .ok_or(TokenFault::Invalid("the key id is unknown"))?;
        let (verified, mark) = check(token, &header, key, &issuer.rules, now)?;
        let known = Arc::new(Known {
            verified: Arc::new(verified),
            mark,
            issuer: place,
            epoch: keys.epoch(),
        });
        self.0.cache.insert(fingerprint, Arc::clone(&known));
        Ok(known)
    }

    /// By the `iss` that the token claims, which is checked again under the signature.
    fn issuer_of(&self, token: &str) -> Result<(usize, &Issuer), TokenFault> {
        if let [own] = self.0.issuers.as_slice() {
            return Ok((0, own));
        }
        let claimed = claimed_issuer(token)?;
        let mut issuers = self.0.issuers.iter().enumerate();
        issuers
            .find(|(_, issuer)| issuer.rules.issuer == claimed)
            .ok_or(TokenFault::Invalid("the issuer is another"))
    }

    /// What can end a token that was once good.
    async fn check_is_in_force(&self, known: &Known, now: Timestamp) -> Result<(), TokenFault> {
        if known.verified.expires <= now.seconds() {
            return Err(TokenFault::Expired);
        }
        let Some(mark) = &known.mark else {
            return Ok(());
        };
        let revocations = &self.0.revocations;
        if !revocations.is_complete() && !revocations.completed(FIRST_LIST).await {
            return Err(TokenFault::NoRevocations);
        }
        if revocations.hold(mark) {
            return Err(TokenFault::Invalid("the token has been revoked"));
        }
        Ok(())
    }
}

/// The signature, and then every claim. Foreign tokens have no mark: nobody tells us of their revocation.
fn check(
    token: &str,
    header: &Header,
    key: &Key,
    rules: &Rules,
    now: Timestamp,
) -> Result<(Verified, Option<Mark>), TokenFault> {
    if let Some(mapping) = &rules.mapping {
        let UniqueJson(claims) = judge::proven(token, header, key)?;
        let verified = foreign::read(&claims, rules, mapping, now.seconds())?;
        return Ok((verified, None));
    }
    header.check_is_plain()?;
    let claims: Claims = judge::proven(token, header, key)?;
    judge::check_claims(&claims, rules, now)?;
    let (verified, mark) = claims.into_verified()?;
    Ok((verified, Some(mark)))
}

/// The cache never holds a token itself.
fn fingerprint(token: &str) -> Fingerprint {
    let mut bytes = Fingerprint::default();
    bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    bytes
}

#[cfg(test)]
mod tests;
