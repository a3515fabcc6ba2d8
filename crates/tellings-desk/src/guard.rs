//! Who may ask what: a desk on this machine answers to this machine's names only, and changes only what its own pages ask for.

use crate::http::Request;
use crate::{Desk, Fail};
use std::hash::{BuildHasher, RandomState};

/// The names of the machine itself.
pub(crate) const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Letters that nobody can guess, others at each start.
pub(crate) fn token() -> String {
    // Seeded by the system at each start.
    let seed = RandomState::new();
    format!("{:016x}{:016x}", seed.hash_one("desk"), seed.hash_one("form"))
}

/// Compares in the same time wherever they differ.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// The name in `name:port`.
fn name(host: &str) -> &str {
    let Some((name, port)) = host.rsplit_once(':') else { return host };
    // Colons are in addresses, too; those are in brackets where a port follows.
    let alone = name.ends_with(']') || !name.contains(':');
    if alone && port.bytes().all(|b| b.is_ascii_digit()) { name } else { host }
}

pub(crate) fn check(desk: &Desk, request: &Request) -> Result<(), Fail> {
    let refused = |why: &str| Err(Fail::Refused(why.to_string()));
    // A page elsewhere may have given its own name this machine's address: then the name is its own.
    if let Some(host) = request.header("host")
        && !desk.hosts.is_empty()
        && !desk.hosts.iter().any(|known| known.eq_ignore_ascii_case(name(host)))
    {
        return refused("This desk is not called by that name.");
    }
    if request.method == "GET" {
        return Ok(());
    }
    let elsewhere = request.header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let origin = request.header("origin").map(|origin| origin.split_once("://").map_or(origin, |o| o.1));
    if elsewhere || origin.is_some_and(|origin| request.header("host").is_some_and(|host| host != origin)) {
        return refused("This was not asked for on a page of this desk.");
    }
    if !request.field("token").is_some_and(|given| same(given, &desk.token)) {
        return refused("The form is of an earlier start of this desk; go back, load the page again, and repeat it.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hosts() {
        let cases = [
            ("localhost:80", "localhost"),
            ("localhost", "localhost"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
            ("::1", "::1"),
        ];
        for (host, wanted) in cases {
            assert_eq!(name(host), wanted, "{host}");
        }
        assert!(token() != token() && token().len() == 32);
    }
}
