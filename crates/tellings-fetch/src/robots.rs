//! What a site asks of programs that fetch: robots.txt (RFC 9309), with `Crawl-delay`.

use crate::{Error, Fault};
use std::time::Duration;

/// What one site asks of us.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// Patterns of paths, each with whether they may be fetched.
    rules: Vec<(bool, Vec<u8>)>,
    /// The pause it asks for.
    pub(crate) delay: Option<Duration>,
    /// Why nothing is known.
    untold: Option<Fault>,
}

/// Rules of a file that are kept, and bytes of a path that are compared.
const RULES: usize = 4000;
const PATH: usize = 2048;

impl Rules {
    /// The rules of a site that failed to tell them.
    pub(crate) fn untold(why: Fault) -> Rules {
        Rules { untold: Some(why), ..Rules::default() }
    }

    /// An error where nothing is known.
    pub(crate) fn told(&self, place: &str) -> Result<(), Error> {
        self.untold.as_ref().map_or(Ok(()), |why| Err(Error::new(place, why.clone())))
    }

    /// The rules for the program of this name: of the groups that name it, or else of those for all.
    pub(crate) fn read(bytes: &[u8], program: &str) -> Rules {
        let text = String::from_utf8_lossy(bytes);
        let (mut own, mut all, mut named) = (Rules::default(), Rules::default(), false);
        // Whom the present group is for, and has it rules already?
        let (mut for_own, mut for_all, mut ruled) = (false, false, true);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or("");
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" | "useragent" | "user agent" => {
                    if ruled {
                        (for_own, for_all, ruled) = (false, false, false);
                    }
                    let token = value.split(|c: char| !c.is_ascii_alphabetic() && c != '-' && c != '_').next().unwrap_or("");
                    for_all |= value.starts_with('*');
                    for_own |= token.eq_ignore_ascii_case(program);
                    named |= for_own;
                }
                "allow" | "disallow" => {
                    ruled = true;
                    if !value.is_empty() {
                        let rule = (key == "allow", normal(value.as_bytes()));
                        for (rules, wanted) in [(&mut own, for_own), (&mut all, for_all)] {
                            if wanted && rules.rules.len() < RULES {
                                rules.rules.push(rule.clone());
                            }
                        }
                    }
                }
                "crawl-delay" => {
                    ruled = true;
                    let seconds = value.parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0);
                    let delay = seconds.map(|s| Duration::from_secs_f64(s.min(86_400.0)));
                    if for_own {
                        own.delay = own.delay.max(delay);
                    }
                    if for_all {
                        all.delay = all.delay.max(delay);
                    }
                }
                _ => {}
            }
        }
        if named { own } else { all }
    }

    /// May this path, with its query, be fetched? The longest pattern that fits decides, and of two equally long ones the kinder.
    pub(crate) fn allow(&self, path: &str) -> bool {
        let path = normal(path.as_bytes().get(..PATH).unwrap_or(path.as_bytes()));
        let fitting = self.rules.iter().filter(|(_, pattern)| fits(pattern, &path));
        fitting.max_by_key(|(allow, pattern)| (pattern.len(), *allow)).is_none_or(|(allow, _)| *allow)
    }
}

/// Does a path begin like the pattern? `*` is anything, `$` at the end the end.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, whole) = match pattern.strip_suffix(b"$") {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let (mut p, mut t, mut star) = (0, 0, None);
    loop {
        if p == pattern.len() && (!whole || t == path.len()) {
            return true;
        }
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && t < path.len() && pattern[p] == path[t] {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, from)) = star.filter(|(_, from)| *from < path.len()) {
            // The last star takes one byte more.
            star = Some((at, from + 1));
            (p, t) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
}

/// Paths so that equal ones look equal: what need not be escaped is not, what must be is, in capitals.
fn normal(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let hex = |b: Option<&u8>| b.and_then(|b| (*b as char).to_digit(16)).map(|d| d as u8);
    let escape = |out: &mut Vec<u8>, b: u8| out.extend_from_slice(format!("%{b:02X}").as_bytes());
    let mut at = 0;
    while at < path.len() {
        match (path[at], hex(path.get(at + 1)), hex(path.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                let b = high << 4 | low;
                if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                    out.push(b);
                } else {
                    escape(&mut out, b);
                }
                at += 3;
                continue;
            }
            (b, ..) if b >= 0x80 || b <= b' ' => escape(&mut out, b),
            (b, ..) => out.push(b),
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(file: &str, path: &str) -> bool {
        Rules::read(file.as_bytes(), "tellings").allow(path)
    }

    #[test]
    fn who_is_meant() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: other\nUser-agent: Tellings/2.0\nDisallow: /private\nCrawl-delay: 2.5\n# x\nUSER-AGENT: tellings\nallow: /private/open";
        assert!(allowed(file, "/") && !allowed(file, "/private") && allowed(file, "/private/open/a"));
        assert_eq!(Rules::read(file.as_bytes(), "tellings").delay, Some(Duration::from_millis(2500)));
        assert!(!Rules::read(file.as_bytes(), "stranger").allow("/a"));
        // A sitemap between does not end the group; rules before any name are nobody's.
        assert!(!allowed("Disallow: /b\nUser-agent: *\nSitemap: https://a.example/x\nDisallow: /a", "/a"));
        assert!(allowed("Disallow: /b\nUser-agent: *\nDisallow: /a", "/b"));
        assert!(allowed("", "/") && allowed("<html>: no", "/") && allowed("User-agent: *\nDisallow:", "/"));
        assert!(!allowed("\u{feff}User-agent: *\r\nDisallow: /a\r\n", "/abc"));
        assert!(allowed("User-agent: tellingsbot\nDisallow: /", "/"));
    }

    #[test]
    fn which_paths_are_meant() {
        let with = |rules: &str, path: &str| allowed(&format!("User-agent: *\n{rules}"), path);
        assert!(!with("Disallow: /fish", "/fish.html") && with("Disallow: /fish", "/Fish") && with("Disallow: /fish/", "/fish"));
        assert!(
            !with("Disallow: /*.php", "/a/b.php?c")
                && with("Disallow: /*.php$", "/b.php5")
                && !with("Disallow: /*.php$", "/b.php")
        );
        assert!(!with("Disallow: /a*b*c", "/a-b-b-c-d") && with("Disallow: /a*b*c", "/a-c-b"));
        // The longest decides, and of equal ones the kinder.
        assert!(with("Disallow: /\nAllow: /p", "/page") && !with("Allow: /page\nDisallow: /*.htm", "/page.htm"));
        assert!(with("Disallow: /folder\nAllow: /folder", "/folder/page") && with("Allow: /$\nDisallow: /", "/"));
        assert!(!with("Allow: /$\nDisallow: /", "/page.htm") && !with("Disallow: *", "/") && !with("Disallow: /$", "/"));
        assert!(
            !with("Disallow: /café", "/caf%c3%a9") && !with("Disallow: /%7Ejoe", "/~joe") && with("Disallow: /a%2Fb", "/a/b")
        );
        assert!(!with("Disallow: /a?q=", "/a?q=1") && with("Disallow: /a?q=", "/a"));
        let slow = format!("User-agent: *\nDisallow: /{}b", "*a".repeat(900));
        assert!(allowed(&slow, &format!("/{}", "a".repeat(5000))));
    }
}
