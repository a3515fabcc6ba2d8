//! Connections to a server that nobody else can listen to: `sslmode` and `sslrootcert` of its address, as PostgreSQL's own programs
//! understand them.

use postgres::config::SslMode;
use postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;

/// How sure a connection has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// What makes connections safe.
#[derive(Clone)]
pub(crate) struct Tls(Arc<ClientConfig>);

/// An address without what is ours to understand, how it is connected to, and what makes that safe.
pub(crate) fn settings(url: &str) -> Result<(postgres::Config, Tls), String> {
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut authority, mut rest) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(Mode::of(value)?),
            Some(("sslrootcert", value)) => authority = Some(value),
            _ => rest.push(pair),
        }
    }
    // Who names an authority wants to be sure.
    let mode = match (mode, authority) {
        (None, None) => Mode::Prefer,
        (None, Some(_)) => Mode::VerifyFull,
        (Some(Mode::Require), Some("system")) => Mode::VerifyFull,
        (Some(Mode::Require), Some(_)) => Mode::VerifyCa,
        (Some(mode), _) => mode,
    };
    let roots = authority.map_or_else(|| Ok(Vec::new()), read)?;
    let mark = if rest.is_empty() { "" } else { "?" };
    let address = format!("{place}{mark}{}", rest.join("&"));
    let mut config: postgres::Config = address.parse().map_err(|error: postgres::Error| {
        std::error::Error::source(&error).map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
    })?;
    config.ssl_mode(match mode {
        Mode::Disable => SslMode::Disable,
        Mode::Prefer => SslMode::Prefer,
        _ => SslMode::Require,
    });
    Ok((config, Tls::new(mode, &roots)?))
}

impl Mode {
    fn of(value: &str) -> Result<Mode, String> {
        Ok(match value {
            "disable" => Mode::Disable,
            "prefer" => Mode::Prefer,
            "require" => Mode::Require,
            "verify-ca" => Mode::VerifyCa,
            "verify-full" => Mode::VerifyFull,
            _ => return Err(format!("sslmode is disable, prefer, require, verify-ca or verify-full, not `{value}`")),
        })
    }
}

/// The authorities that an address names; `system`: those that browsers trust.
fn read(value: &str) -> Result<Vec<tellings_tls::Root>, String> {
    if value == "system" {
        return Ok(Vec::new());
    }
    let file = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    let pem = std::fs::read(file.as_ref()).map_err(|error| format!("cannot read sslrootcert `{file}`: {error}"))?;
    tellings_tls::roots(&pem).map_err(|note| format!("no authorities in sslrootcert `{file}`: {note}"))
}

impl Tls {
    fn new(mode: Mode, roots: &[tellings_tls::Root]) -> Result<Tls, String> {
        let provider = tellings_tls::provider();
        let own = WebPkiServerVerifier::builder_with_provider(Arc::new(tellings_tls::store(roots)), provider.clone());
        let verifier = Verifier { mode, own: own.build().map_err(|error| error.to_string())? };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Tls(Arc::new(config)))
    }
}

/// Looks at a server's certificate as closely as was asked for.
#[derive(Debug)]
struct Verifier {
    mode: Mode,
    own: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if !matches!(self.mode, Mode::VerifyCa | Mode::VerifyFull) {
            return Ok(ServerCertVerified::assertion());
        }
        match self.own.verify_server_cert(end, between, name, ocsp, now) {
            // Looked at last, when all else was found good.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.mode == Mode::VerifyCa => Ok(ServerCertVerified::assertion()),
            looked => looked,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.own.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.own.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.own.supported_verify_schemes()
    }
}

/// What makes a connection to one host safe.
pub(crate) struct Connector {
    tls: TlsConnector,
    host: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Encrypted<S>;
    type TlsConnect = Connector;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> io::Result<Connector> {
        Ok(Connector { tls: self.0.clone().into(), host: host.to_string() })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Connector {
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let name = ServerName::try_from(self.host).map_err(io::Error::other)?;
            let made = self.tls.connect(name, stream).await;
            made.map(Encrypted).map_err(|error| match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
                Some(fault) => io::Error::other(format!("no safe connection: {}", tellings_tls::told(fault))),
                None => error,
            })
        })
    }
}

/// A connection that nobody else can listen to.
pub(crate) struct Encrypted<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use crate::Database;
    use postgres::config::Host;
    use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
    use std::path::Path;
    use tellings_testing::tls::{Authority, Door, First};

    /// A file with the certificate of an authority, gone at the end.
    struct File(std::path::PathBuf);

    impl File {
        fn new(name: &str, authority: &Authority) -> File {
            let path = std::env::temp_dir().join(format!("tellings root {name} {}.pem", std::process::id()));
            std::fs::write(&path, authority.pem()).expect("a file");
            File(path)
        }

        /// As it stands in an address.
        fn coded(&self) -> String {
            self.0.to_str().expect("a UTF-8 path").replace(' ', "%20")
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn told(url: &str) -> String {
        Database::open_to_read(Path::new(url)).err().map_or_else(|| "opened".to_string(), |error| error.to_string())
    }

    #[test]
    fn only_a_server_that_proves_who_it_is_is_spoken_to() {
        let (ours, theirs) = (Authority::new("Ours"), Authority::new("Theirs"));
        let (our_file, their_file) = (File::new("ours", &ours), File::new("theirs", &theirs));
        let (our_root, their_root) = (our_file.coded(), their_file.coded());
        // It takes connections and never says a word.
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let to = silent.local_addr().expect("its address");
        let here = Door::new(ours.sign(&["127.0.0.1"]), First::Postgres, to);
        let elsewhere = Door::new(ours.sign(&["ledger.example"]), First::Postgres, to);
        let expired = Door::new(ours.sign_expired(&["127.0.0.1"]), First::Postgres, to);
        let untrusted = "no safe connection: its certificate is from nobody who is trusted";
        let another = "no safe connection: its certificate is for another host: ledger.example";
        let over = "no safe connection: its certificate has expired";
        let cases = [
            (&here, "sslmode=verify-full".to_string(), untrusted),
            (&here, "sslrootcert=system".to_string(), untrusted),
            (&here, "sslmode=require&sslrootcert=system".to_string(), untrusted),
            (&here, format!("sslrootcert={their_root}"), untrusted),
            (&here, format!("sslmode=require&sslrootcert={their_root}"), untrusted),
            (&elsewhere, format!("sslmode=verify-full&sslrootcert={our_root}"), another),
            (&elsewhere, format!("sslrootcert={our_root}"), another),
            (&expired, format!("sslmode=verify-ca&sslrootcert={our_root}"), over),
        ];
        for (door, query, note) in cases {
            let url = format!("postgres://me:secret@127.0.0.1:{}/desk?{query}", door.port());
            let error = told(&url);
            assert!(error.ends_with(note) && !error.contains("secret"), "{query}: {error}");
        }
        let port = to.port();
        let wrong = |query: &str| told(&format!("postgres://me@127.0.0.1:{port}/desk?{query}"));
        assert!(wrong("sslmode=full").ends_with("sslmode is disable, prefer, require, verify-ca or verify-full, not `full`"));
        assert!(wrong("sslrootcert=/none.pem").contains("cannot read sslrootcert `/none.pem`"));
    }

    /// The server that `TELLINGS_POSTGRES` names, and its address.
    fn server() -> Option<(String, SocketAddr)> {
        let url = std::env::var("TELLINGS_POSTGRES").ok()?;
        let config: postgres::Config = url.parse().expect("an address");
        let Some(Host::Tcp(host)) = config.get_hosts().first() else { return None };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        Some((url, (host.as_str(), port).to_socket_addrs().expect("its host").next()?))
    }

    #[test]
    #[expect(clippy::print_stdout, reason = "who runs the tests is told what was left out")]
    fn a_server_is_spoken_to_safely() {
        let Some((url, to)) = server() else {
            return println!("skipped: TELLINGS_POSTGRES names a server to test with");
        };
        let ours = Authority::new("Ours");
        let (file, place) = (File::new("good", &ours), url.split_once('@').expect("a user").0);
        let database = url.split('?').next().and_then(|url| url.rsplit_once('/')).map_or("", |(_, name)| name);
        let opened = |door: &Door, query: &str| told(&format!("{place}@127.0.0.1:{}/{database}?{query}", door.port()));
        let here = Door::new(ours.sign(&["127.0.0.1"]), First::Postgres, to);
        let elsewhere = Door::new(ours.sign(&["ledger.example"]), First::Postgres, to);
        // No store is there: that was heard from the server itself.
        let schema = "options=-csearch_path%3Dtellings_none";
        for (door, query) in [
            (&here, format!("sslmode=verify-full&sslrootcert={}", file.coded())),
            (&here, format!("sslrootcert={}", file.coded())),
            (&elsewhere, format!("sslmode=verify-ca&sslrootcert={}", file.coded())),
            (&elsewhere, "sslmode=require".to_string()),
            (&elsewhere, "sslmode=prefer".to_string()),
            (&elsewhere, String::new()),
        ] {
            let error = opened(door, &format!("{query}&{schema}"));
            assert!(error.contains("there is none; `tellings add --store` makes one"), "{query}: {error}");
        }
        assert!(!opened(&here, "sslmode=disable").contains("there is none"));
    }

    /// The server's own certificate, as `TELLINGS_POSTGRES_ROOT` has it.
    #[test]
    #[expect(clippy::print_stdout, reason = "who runs the tests is told what was left out")]
    fn the_servers_own_certificate_is_looked_at() {
        let (Some((url, _)), Ok(root)) = (server(), std::env::var("TELLINGS_POSTGRES_ROOT")) else {
            return println!("skipped: TELLINGS_POSTGRES_ROOT names the certificate of the server to test with");
        };
        let mark = if url.contains('?') { '&' } else { '?' };
        let (config, tls) = super::settings(&format!("{url}{mark}sslmode=verify-full&sslrootcert={root}")).unwrap();
        let mut client = config.connect(tls).unwrap();
        let row = client.query_one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]).unwrap();
        assert!(row.get::<_, bool>(0));
        assert!(told(&format!("{url}{mark}sslrootcert=system")).ends_with("nobody who is trusted"));
    }
}
