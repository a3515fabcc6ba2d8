//! Whose word is taken for it that a server is the one it says it is: the authorities that browsers trust, and a user's own; and
//! what is wrong with a certificate, in words.

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, RootCertStore};
use std::sync::Arc;

/// The certificate of an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root(CertificateDer<'static>);

impl Root {
    /// Its bytes (DER).
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The authorities that browsers trust, by Mozilla's list; their bytes (DER).
pub fn known() -> impl Iterator<Item = &'static [u8]> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(AsRef::as_ref)
}

/// The authorities in a file of certificates (PEM).
///
/// # Errors
/// There is none, or something that is no certificate.
pub fn roots(pem: &[u8]) -> Result<Vec<Root>, String> {
    let mut roots = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| format!("what is in it cannot be read ({error:?})"))?;
        let number = roots.len() + 1;
        RootCertStore::empty().add(certificate.clone()).map_err(|error| format!("certificate {number} is none ({error})"))?;
        roots.push(Root(certificate));
    }
    if roots.is_empty() { Err("no certificate is in it (PEM: `-----BEGIN CERTIFICATE-----`)".to_string()) } else { Ok(roots) }
}

/// Those whose word is taken: these, or else those that browsers trust.
pub fn store(roots: &[Root]) -> RootCertStore {
    let mut store = RootCertStore::empty();
    match roots.is_empty() {
        true => store.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned()),
        false => store.add_parsable_certificates(roots.iter().map(|root| root.0.clone())),
    };
    store
}

/// How it is reckoned.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Why there is no safe connection, in words.
pub fn told(error: &rustls::Error) -> String {
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
        CertificateError::UnknownIssuer => "its certificate is from nobody who is trusted".to_string(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_hold_no_authority_are_told() {
        assert!(roots(b"Talks.").unwrap_err().starts_with("no certificate is in it"));
        let none = b"-----BEGIN CERTIFICATE-----\nVGFsa3Mu\n-----END CERTIFICATE-----\n";
        assert!(roots(none).unwrap_err().starts_with("certificate 1 is none"));
        assert!(roots(&none[..40]).is_err());
    }

    #[test]
    fn all_that_browsers_trust_can_be_read() {
        assert!(known().count() > 100);
        assert_eq!(store(&[]).len(), known().count());
    }
}
