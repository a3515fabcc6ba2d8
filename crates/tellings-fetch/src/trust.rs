//! Whose word is taken for it that a server is the one it says it is.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, RootCertStore};
use std::sync::Arc;
use ureq::tls::{Certificate, TlsConfig};

/// The certificate of an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root(Vec<u8>);

/// The authorities in a file of certificates (PEM).
///
/// # Errors
/// There is none, or one that is none.
pub fn roots(pem: &[u8]) -> Result<Vec<Root>, String> {
    let mut roots = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| format!("a certificate that cannot be read ({error:?})"))?;
        let root = Root(certificate.to_vec());
        let number = roots.len() + 1;
        RootCertStore::empty().add(certificate).map_err(|error| format!("certificate {number} is none ({error})"))?;
        roots.push(root);
    }
    if roots.is_empty() { Err("no certificate is in it (PEM: `-----BEGIN CERTIFICATE-----`)".to_string()) } else { Ok(roots) }
}

/// Connections for which those are trusted whom browsers trust, and these.
pub(crate) fn config(own: &[Root]) -> TlsConfig {
    let known = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|root| Certificate::from_der(root));
    let own = own.iter().map(|root| Certificate::from_der(&root.0).to_owned());
    TlsConfig::builder()
        .root_certs(known.chain(own).into())
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}

/// Why there is no safe connection, in words.
pub(crate) fn told(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(fault) = error else { return error.to_string() };
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired".to_string(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet".to_string()
        }
        CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            // Each as `DnsName("ledger.example")`.
            let name = |name: &'_ String| name.split(['(', ')']).nth(1).unwrap_or(name).trim_matches('"').to_string();
            let names: Vec<String> = presented.iter().take(3).map(name).collect();
            format!("its certificate is for another host: {}", names.join(", "))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another host".to_string()
        }
        CertificateError::UnknownIssuer => {
            "its certificate is from nobody who is trusted (`--ca FILE` trusts an authority of your own)".to_string()
        }
        _ => error.to_string(),
    }
}
