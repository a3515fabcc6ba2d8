//! Which addresses are asked: those of the web, on public hosts; of private ones only where that was allowed. What was checked is
//! what is connected to.

use crate::Fault;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::{Host, Url};

/// An address that may be asked, as far as can be told without looking up its host. Hosts in odd forms (`0x7f.1`, `2130706433`)
/// are told for what they are.
pub(crate) fn parse(address: &str, private: bool) -> Result<Url, Fault> {
    let mut url = Url::parse(address.trim()).map_err(|_| Fault::Address("it is no address"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Fault::Address("only http and https are fetched"));
    }
    url.set_fragment(None);
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(Host::Domain(_)) => None,
        None => return Err(Fault::Address("it names no host")),
    };
    if let Some(what) = ip.and_then(|ip| refused(ip, private)) {
        return Err(Fault::Refused(url.host_str().unwrap_or("").to_string(), what));
    }
    // Below 1024 live other services, which would take a question of ours for one of theirs.
    if url.port().is_some_and(|port| port < 1024 && !matches!(port, 80 | 443)) {
        return Err(Fault::Address("its port is not one of the web"));
    }
    Ok(url)
}

/// What an address is if it is not asked.
pub(crate) fn refused(ip: IpAddr, private: bool) -> Option<&'static str> {
    let what = match ip {
        IpAddr::V4(ip) => four(ip),
        IpAddr::V6(ip) => six(ip),
    };
    what.filter(|what| !private || !matches!(*what, OWN | PRIVATE))
}

const OWN: &str = "an address of this machine";
const PRIVATE: &str = "an address of a private network";
const LINK: &str = "an address of the local link (where clouds keep secrets)";
const SPECIAL: &str = "an address for special use";

fn four(ip: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = ip.octets();
    match (a, b, c) {
        (127 | 0, ..) => Some(OWN),
        (10, ..) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) => Some(PRIVATE),
        (169, 254, _) => Some(LINK),
        (192, 0, 0 | 2) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) | (224.., ..) => Some(SPECIAL),
        _ => None,
    }
}

fn six(ip: Ipv6Addr) -> Option<&'static str> {
    let s = ip.segments();
    let inner = |high: u16, low: u16| four(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match s {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Some(OWN),
        // Addresses of the older kind in the newer one's dress: mapped, compatible, translated, tunnelled.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => inner(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inner(high, low),
        [0x2002, high, low, ..] => inner(high, low),
        [0x64, 0xff9b, 1, ..]
        | [0x2001, 0..=0x1ff, ..]
        | [0x2001, 0xdb8, ..]
        | [0x100, 0, 0, 0, ..]
        | [0x3fff, 0..=0xfff, ..] => Some(SPECIAL),
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Some(PRIVATE),
        [0xfe80..=0xfebf, ..] => Some(LINK),
        [0xff00..=0xffff, ..] => Some(SPECIAL),
        _ => None,
    }
}

/// Looks up hosts, and gives only addresses that may be asked.
#[derive(Debug)]
pub(crate) struct Checked {
    /// May private addresses be asked?
    pub(crate) private: bool,
}

impl Resolver for Checked {
    fn resolve(&self, uri: &Uri, _: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?.trim_matches(['[', ']']).to_string();
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => {
                // The system's own look-up knows no limit of time.
                let (out, answer) = mpsc::sync_channel(1);
                let name = host.clone();
                std::thread::spawn(move || out.send((name.as_str(), port).to_socket_addrs().map(Iterator::collect)).ok());
                match answer.recv_timeout(*timeout.after) {
                    Ok(Ok(found)) => found,
                    Ok(Err(_)) => return Err(ureq::Error::HostNotFound),
                    Err(_) => return Err(ureq::Error::Timeout(timeout.reason)),
                }
            }
        };
        let mut allowed = self.empty();
        let mut why = None;
        for address in found {
            match refused(address.ip(), self.private) {
                Some(what) => why = Some(Fault::Refused(format!("{host} ({})", address.ip()), what)),
                None if allowed.len() < 16 => allowed.push(address),
                None => {}
            }
        }
        match (allowed.is_empty(), why) {
            (false, _) => Ok(allowed),
            (true, Some(fault)) => Err(ureq::Error::Other(Box::new(fault))),
            (true, None) => Err(ureq::Error::HostNotFound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_not_asked() {
        let inside = [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://0/",
            "http://0.0.0.0/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[2002:0a00:0001::]/",
            "http://10.1.2.3/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://100.100.100.200/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::ffff:169.254.169.254]/",
            "http://255.255.255.255/",
            "http://224.0.0.1/",
            "http://[ff02::1]/",
            "http://１２７.0.0.1/",
            "http://127。0。0。1/",
        ];
        for address in inside {
            assert!(matches!(parse(address, false), Err(Fault::Refused(..))), "{address}: {:?}", parse(address, false));
        }
        for address in ["ftp://a.example/", "file:///etc/passwd", "javascript:1", "a.example", "http://", "http://a.example:25/"]
        {
            assert!(matches!(parse(address, true), Err(Fault::Address(_))), "{address}");
        }
        for address in ["http://93.184.215.14/", "https://a.example/b#c", "http://[2606:2800:21f::1]/", "http://a.example:8080/"]
        {
            assert!(parse(address, false).is_ok(), "{address}");
        }
        // What was allowed is the private; never the local link.
        assert!(parse("http://127.0.0.1:8080/", true).is_ok() && parse("http://[fd00::1]/", true).is_ok());
        assert!(parse("http://169.254.169.254/", true).is_err() && parse("http://[fe80::1]/", true).is_err());
    }
}
