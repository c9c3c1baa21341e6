//! Who may do what in Redis: one user for the gateways, with the rights that they need, and one for the container's
//! health check, who may ask whether it is there. Nobody else, and no administrator: what is kept there is of minutes, and
//! Redis with other settings is Redis started anew (R8).

use aws_lc_rs::digest::{SHA256, digest};

/// The gateways' user.
pub(super) const GATEWAY: &str = "gateway";

/// As `.env.example` has it, where the gateway's own tests try it.
pub(super) const RIGHTS: &str = "~escale:* +evalsha +script|load +set +get +del +pttl +pexpire +time +info +hset +hget \
                                 +hmget +sadd +scard +sismember +xadd +xrange";

/// Lines for redis.conf. Redis is told the password's hash, and could not give the password away.
pub(super) fn lines(password: &str) -> String {
    let hash = digest(&SHA256, password.as_bytes());
    let hash: String = hash.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    format!(
        "user default reset off\n\
         user {GATEWAY} on #{hash} {RIGHTS}\n\
         user health on nopass +ping\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rights_are_those_of_the_example() {
        let example = include_str!("../../../.env.example");
        let (_, told) = example
            .split_once("ACL SETUSER gateway on >password ")
            .expect("a user");
        let told: Vec<_> = told
            .lines()
            .take(2)
            .flat_map(|line| line.trim_start_matches('#').split_whitespace())
            .collect();
        assert_eq!(RIGHTS.split_whitespace().collect::<Vec<_>>(), told);
    }

    #[test]
    fn redis_is_told_the_hash_of_the_password_and_not_the_password() {
        let lines = lines("abc");
        // FIPS 180-2, appendix B.1.
        let hash = "#ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(lines.contains(hash) && !lines.contains("abc "), "{lines}");
        assert_eq!(lines.matches("user ").count(), 3, "{lines}");
    }
}
