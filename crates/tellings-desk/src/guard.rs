//! Who may ask what: a desk on this machine answers to this machine's names only, and changes only what its own pages ask for.

use crate::accounts::Role;
use crate::http::Request;
use crate::{Desk, Fail};

/// The names of the machine itself.
pub(crate) const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Compares in the same time wherever they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// The name in `name:port`.
fn name(host: &str) -> &str {
    let Some((name, port)) = host.rsplit_once(':') else { return host };
    // Colons are in addresses, too; those are in brackets where a port follows.
    let alone = name.ends_with(']') || !name.contains(':');
    if alone && port.bytes().all(|b| b.is_ascii_digit()) { name } else { host }
}

/// Is the desk asked by its own name, and by no page of another?
pub(crate) fn own(desk: &Desk, request: &Request) -> Result<(), Fail> {
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
    Ok(())
}

/// The same, and a form is one that this desk gave out.
pub(crate) fn check(desk: &Desk, request: &Request) -> Result<(), Fail> {
    own(desk, request)?;
    if request.method != "GET" && !request.field("token").is_some_and(|given| same(given, desk.token(request))) {
        return Err(Fail::Refused(
            "The form is of an earlier start of this desk; go back, load the page again, and repeat it.".to_string(),
        ));
    }
    Ok(())
}

/// Everybody may see these: nothing of the store is in them.
fn open(path: &[&str]) -> bool {
    matches!(path, ["assets", _] | ["favicon.ico"] | ["healthz"] | ["login"] | ["about"])
}

/// May who asks have this? Where the desk has accounts: readers read, reviewers set right, admins see what was done.
pub(crate) fn role(request: &Request) -> Result<(), Fail> {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    if open(&path) {
        return Ok(());
    }
    let Some(user) = &request.user else {
        return Err(Fail::Unknown("Log in, or show a token.".to_string()));
    };
    let needed = match path.as_slice() {
        ["audit"] | ["metrics"] => Role::Admin,
        ["review"] if request.method != "GET" => Role::Reviewer,
        _ => Role::Reader,
    };
    if user.role < needed {
        return Err(Fail::Refused(format!("`{}` may not do this.", user.name)));
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
    }
}
