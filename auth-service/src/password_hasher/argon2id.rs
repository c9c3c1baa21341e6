//! The computation itself, with the parameters of OWASP's Password Storage Cheat Sheet (m = 19 MiB, t = 2, p = 1).
//!
//! Its memory is used again for the next password. Allocated anew each time, 19 MiB stay behind in the allocator for
//! every thread that has ever hashed: a hundred MiB after a dozen logins.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::HashingError;

/// KiB.
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_LENGTH: usize = 16;

/// Where one hash is computed. What the one before left is overwritten by argon2's first pass.
#[derive(Debug, Default)]
pub struct Workspace(Vec<Block>);

impl Workspace {
    /// A PHC string under a new salt.
    pub fn hash(&mut self, password: &[u8]) -> Result<String, HashingError> {
        let mut salt = [0; SALT_LENGTH];
        aws_lc_rs::rand::fill(&mut salt).expect("the system gives random bytes");
        let salt = Salt::new(&salt).expect("16 bytes are a salt");
        let params =
            Params::new(MEMORY, PASSES, LANES, None).expect("OWASP's parameters are valid");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let output = self.compute(&argon2, password, &salt)?;
        let hash = PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(argon2.params()).map_err(HashingError::Failed)?,
            salt: Some(salt),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }

    /// Under the parameters that `stored` was made with, which may be those of another year.
    pub fn verify(&mut self, password: &[u8], stored: &str) -> Result<bool, HashingError> {
        let stored = PasswordHash::new(stored).map_err(|_| HashingError::Unreadable)?;
        let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
            return Err(HashingError::Unreadable);
        };
        let argon2 = argon2_of(&stored).ok_or(HashingError::Unreadable)?;
        let output = self.compute(&argon2, password, &salt)?;
        // `Output` compares in constant time.
        Ok(output == expected)
    }

    fn compute(
        &mut self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &Salt,
    ) -> Result<Output, HashingError> {
        let blocks = argon2.params().block_count();
        self.0.resize(blocks, Block::default());
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        argon2
            .hash_password_into_with_memory(password, salt, &mut output, &mut self.0)
            .map_err(|error| HashingError::Failed(error.into()))?;
        Output::new(&output).map_err(|_| HashingError::Unreadable)
    }
}

fn argon2_of(stored: &PasswordHash) -> Option<Argon2<'static>> {
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
    let version = Version::try_from(stored.version?).ok()?;
    let params = Params::try_from(stored).ok()?;
    Some(Argon2::new(algorithm, version, params))
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier;

    use super::*;

    /// Proves: R4
    #[test]
    fn what_is_stored_is_argon2id_with_the_parameters_of_owasp_and_others_can_check_it() {
        let mut workspace = Workspace::default();
        let stored = workspace.hash(b"correct horse").expect("a hash");
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        let theirs = Argon2::default();
        let parsed = PasswordHash::new(&stored).expect("a PHC string");
        assert!(theirs.verify_password(b"correct horse", &parsed).is_ok());
    }

    #[test]
    fn a_used_workspace_computes_the_same_as_a_new_one() {
        let mut used = Workspace::default();
        let stored = used.hash(b"correct horse").expect("a hash");
        for (password, expected) in [("wrong", false), ("correct horse", true), ("", false)] {
            for workspace in [&mut used, &mut Workspace::default()] {
                let matches = workspace
                    .verify(password.as_bytes(), &stored)
                    .expect("an answer");
                assert_eq!(matches, expected, "{password}");
            }
        }
    }

    #[test]
    fn a_hash_that_cannot_be_read_is_a_failure_and_not_a_match() {
        let mut workspace = Workspace::default();
        for broken in [
            "",
            "plain",
            "$argon2id$v=19$m=19456,t=2,p=1",
            "$md5$v=19$m=8,t=1,p=1$YWFhYWFhYWE$YWFhYWFhYWFhYQ",
        ] {
            assert!(workspace.verify(b"", broken).is_err(), "{broken}");
        }
    }
}
