//! When two addresses are the same page: what sites, mail and search engines hang on them is left out.

use crate::feed::join;
use crate::text;
use crate::xml::{Scanner, What, attribute};
use url::Url;

/// Parts of a query that say whence somebody came, and nothing of the page. A `*` stands for any ending.
const TRACKING: [&str; 59] = [
    "utm_*",
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "wbraid",
    "gbraid",
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsctatracking",
    "mkt_tok",
    "vero_id",
    "vero_conv",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "s_cid",
    "ns_mchannel",
    "ns_source",
    "ns_campaign",
    "ns_linkname",
    "ns_fee",
    "at_medium",
    "at_campaign",
    "at_custom*",
    "at_link*",
    "at_bbc*",
    "cmpid",
    "cmp",
    "icid",
    "ncid",
    "wt.mc_id",
    "wt.zmc",
    "pk_*",
    "mtm_*",
    "piwik_*",
    "ref_src",
    "ref_url",
    "referrer",
    "feedtype",
    "feedname",
    "cid_rss",
    "guccounter",
    "guce_*",
    "smid",
    "smtyp",
    "partner_rss",
];

/// Query that asks for another make-up of the same page.
const MAKEUP: [(&str, &str); 8] = [
    ("amp", "*"),
    ("outputtype", "amp"),
    ("output", "amp"),
    ("view", "amp"),
    ("print", "*"),
    ("printable", "*"),
    ("m", "1"),
    ("mobile", "*"),
];

/// What every address of one page has in common: `site.example/path?query`, without scheme, usual host prefixes, tracking, AMP and
/// mobile forms. Nothing where it is no address of the web.
pub fn key(address: &str) -> Option<String> {
    let url = web(address)?;
    let url = behind_cache(&url).unwrap_or(url);
    let mut key = bare(url.host_str()?).to_string();
    if let Some(port) = url.port() {
        key.push_str(&format!(":{port}"));
    }
    let mut path = url.path().to_string();
    for _ in 0..2 {
        let lower = path.to_ascii_lowercase();
        let amp = ["/amp", "/amp/", ".amp", "/index.html", "/index.htm", "/index.php"].iter().find(|end| lower.ends_with(*end));
        if let Some(end) = amp {
            path.truncate(path.len() - end.len());
        } else if lower.ends_with(".amp.html") {
            path.replace_range(path.len() - 9.., ".html");
        }
        while path.len() > 1 && path.ends_with('/') {
            path.pop();
        }
    }
    if let Some(rest) = path.strip_prefix("/amp/") {
        path = format!("/{rest}");
    }
    if path.is_empty() {
        path.push('/');
    }
    key.push_str(&path);
    let mut query: Vec<(String, String)> = url.query_pairs().filter(|(name, value)| tells(name, value)).map(owned).collect();
    query.sort();
    for (n, (name, value)) in query.iter().enumerate() {
        let encoded: String = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
        key.push(if n == 0 { '?' } else { '&' });
        key.push_str(&encoded);
    }
    // Some sites keep their pages behind the mark of a part.
    if let Some(fragment) = url.fragment().filter(|f| f.starts_with('!') || f.starts_with('/')) {
        key.push('#');
        key.push_str(fragment);
    }
    Some(key)
}

/// The address without what says whence somebody came.
pub fn plain(address: &str) -> String {
    let Some(mut url) = web(address) else { return address.trim().to_string() };
    let kept: Vec<(String, String)> = url.query_pairs().filter(|(name, _)| !tracks(name)).map(owned).collect();
    if kept.len() < url.query_pairs().count() {
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    if !url.fragment().is_some_and(|f| f.starts_with('!') || f.starts_with('/')) {
        url.set_fragment(None);
    }
    url.into()
}

/// The address that a page gives for itself (`rel=canonical`, else `og:url`), where it can be true: of the same site, and neither
/// its front page nor a folder above the page.
pub fn of_page(page: &[u8], address: &str) -> Option<String> {
    let (text, _) = text::decode(&page[..page.len().min(1 << 20)], None);
    let (mut named, mut shared, mut base) = (None, None, address.to_string());
    for token in Scanner::page(&text) {
        let What::Open { name, inside, .. } = token.what else { continue };
        let word = |key: &str| attribute(inside, key).unwrap_or_default();
        if name.eq_ignore_ascii_case("base") && !word("href").is_empty() {
            base = join(address, &word("href"));
        } else if name.eq_ignore_ascii_case("link") && named.is_none() {
            let canonical = word("rel").split_whitespace().any(|rel| rel.eq_ignore_ascii_case("canonical"));
            named = canonical.then(|| word("href").into_owned());
        } else if name.eq_ignore_ascii_case("meta") && shared.is_none() {
            let url = word("property").eq_ignore_ascii_case("og:url") || word("name").eq_ignore_ascii_case("og:url");
            shared = url.then(|| word("content").into_owned());
        } else if name.eq_ignore_ascii_case("body") {
            break;
        }
    }
    let own = web(address)?;
    let own = behind_cache(&own).unwrap_or(own);
    let found = [named, shared].into_iter().flatten().filter(|link| !link.trim().is_empty());
    found.filter_map(|link| web(&join(&base, &link))).find(|url| may_be(url, &own)).map(String::from)
}

fn may_be(canonical: &Url, own: &Url) -> bool {
    let (Some(theirs), Some(ours)) = (canonical.host_str().map(bare), own.host_str().map(bare)) else { return false };
    let same = theirs == ours || theirs.ends_with(&format!(".{ours}")) || ours.ends_with(&format!(".{theirs}"));
    let (above, path) = (canonical.path().trim_end_matches('/'), own.path().trim_end_matches('/'));
    let query = canonical.query().is_some() || own.query().is_none();
    // A page of pages (`/news/2014/`) is above its pages; the pages' other make-ups (`/talks/amp`) are just below them.
    let makeup = path.strip_prefix(above).is_some_and(|rest| matches!(rest, "" | "/amp" | "/print" | "/index.html"));
    let folder = !makeup && path.starts_with(&format!("{above}/"));
    same && !folder && (!above.is_empty() || path.is_empty() && query)
}

fn web(address: &str) -> Option<Url> {
    Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The page behind a cache of quick pages: `www.google.com/amp/s/site.example/talks`, `site-example.cdn.ampproject.org/c/s/site.example/talks`.
fn behind_cache(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let rest = if host.ends_with(".cdn.ampproject.org") {
        url.path().strip_prefix("/c/").or(url.path().strip_prefix("/v/"))?
    } else if host.starts_with("www.google.") {
        url.path().strip_prefix("/amp/")?
    } else {
        return None;
    };
    let (scheme, rest) = rest.strip_prefix("s/").map_or(("http", rest), |rest| ("https", rest));
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    web(&format!("{scheme}://{rest}{query}")).filter(|url| url.host_str().is_some_and(|host| host.contains('.')))
}

/// A host without the prefixes under which sites show the same pages.
fn bare(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    let cut = ["www.", "m.", "mobile.", "amp.", "www2."].iter().find_map(|prefix| host.strip_prefix(prefix));
    cut.filter(|rest| rest.contains('.')).unwrap_or(host)
}

fn tracks(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING.iter().any(|own| own.strip_suffix('*').map_or(*own == name, |begin| name.starts_with(begin)))
}

fn tells(name: &str, value: &str) -> bool {
    let fits = |(n, v): &(&str, &str)| name.eq_ignore_ascii_case(n) && (*v == "*" || value.eq_ignore_ascii_case(v));
    !tracks(name) && !MAKEUP.iter().any(fits)
}

fn owned((name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)) -> (String, String) {
    (name.into_owned(), value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_has_one_key() {
        let same = [
            "https://www.ledger.example/talks",
            "http://ledger.example/talks/",
            "https://m.ledger.example/talks?utm_source=rss&utm_medium=feed",
            "https://ledger.example/talks#comments",
            "https://LEDGER.example:443/talks?fbclid=1",
            "https://amp.ledger.example/talks",
            "https://ledger.example/talks/amp/",
            "https://ledger.example/amp/talks",
            "https://ledger.example/talks.amp",
            "https://ledger.example/talks?outputType=amp&amp=1",
            "https://www.google.com/amp/s/www.ledger.example/talks/amp",
            "https://ledger-example.cdn.ampproject.org/c/s/ledger.example/talks",
            "https://ledger.example/talks/index.html",
        ];
        for address in same {
            assert_eq!(key(address).as_deref(), Some("ledger.example/talks"), "{address}");
        }
        let other = [
            "https://ledger.example/talks2",
            "https://ledger.example/talks?id=7",
            "https://ledger.example/Talks",
            "https://ledger.example:8080/talks",
            "https://news.ledger.example/talks",
            "https://ledger.example/talks#!/2",
        ];
        for address in other {
            assert_ne!(key(address).as_deref(), Some("ledger.example/talks"), "{address}");
        }
        assert_eq!(key("https://a.example/p?b=2&a=1&gclid=x"), key("https://a.example/p?a=1&b=2"));
        assert_eq!(key("https://a.example"), key("http://www.a.example/?utm_source=x"));
        assert_eq!((key("mailto:a@a.example"), key("no address"), key("/talks")), (None, None, None));
        assert_eq!(plain("https://a.example/p?b=%20c&utm_source=x&a#d"), "https://a.example/p?b=+c&a=");
        assert_eq!(plain("https://a.example/p?b=%20c&a#d"), "https://a.example/p?b=%20c&a");
    }

    #[test]
    fn what_a_page_calls_itself_is_believed_where_it_can_be_true() {
        let of =
            |link: &str, address: &str| of_page(format!("<head><link rel='canonical' href='{link}'></head>").as_bytes(), address);
        let own = "https://m.ledger.example/2014/talks?page=1";
        assert_eq!(of("https://www.ledger.example/2014/talks", own).as_deref(), Some("https://www.ledger.example/2014/talks"));
        assert_eq!(of("/2014/talks-go-on", own).as_deref(), Some("https://m.ledger.example/2014/talks-go-on"));
        for lie in ["/", "/2014", "/2014/", "https://other.example/2014/talks", "javascript:x", ""] {
            assert_eq!(of(lie, own), None, "{lie}");
        }
        assert_eq!(
            of("https://ledger.example/talks", "https://ledger.example/talks/amp").as_deref(),
            Some("https://ledger.example/talks")
        );
        let shared = b"<head><meta property='og:url' content='https://ledger.example/2014/talks'>";
        assert_eq!(of_page(shared, own).as_deref(), Some("https://ledger.example/2014/talks"));
    }
}
