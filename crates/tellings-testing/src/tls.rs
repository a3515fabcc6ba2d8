//! Certificates made on the spot, and a door with TLS in front of a server that has none.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// An authority that signs certificates.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// A certificate and its key.
#[derive(Debug)]
pub struct Signed {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    /// A new authority of this name, which nobody trusts yet.
    pub fn new(name: &str) -> Authority {
        let mut own = CertificateParams::new(Vec::new()).expect("no names");
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        own.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = own.self_signed(&key).expect("a certificate").pem();
        Authority { issuer: Issuer::new(own, key), pem }
    }

    /// Its own certificate, as a file of those has it.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate for a server of these names, valid from 1975 to 4096.
    pub fn sign(&self, names: &[&str]) -> Signed {
        self.signed(names, false)
    }

    /// A certificate that was valid in the last century only.
    pub fn sign_expired(&self, names: &[&str]) -> Signed {
        self.signed(names, true)
    }

    fn signed(&self, names: &[&str], expired: bool) -> Signed {
        let names: Vec<String> = names.iter().map(|name| (*name).to_string()).collect();
        let mut params = CertificateParams::new(names).expect("names of hosts");
        if expired {
            params.not_after = date_time_ymd(1999, 12, 31);
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Signed { chain: vec![certificate.into()], key }
    }
}

/// What is said before the talk is made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// Nothing, as on the web.
    Nothing,
    /// A client of PostgreSQL asks whether it may.
    Postgres,
}

/// A door on loopback: what comes in safely goes on to a server in the clear. It ends with the value.
#[derive(Debug)]
pub struct Door {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
}

impl Door {
    /// A door to this server that shows this certificate.
    pub fn new(signed: Signed, first: First, to: SocketAddr) -> Door {
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(signed.chain, signed.key));
        let config = Arc::new(config.expect("a certificate and its key"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let ends = Arc::new(AtomicBool::new(false));
        let over = ends.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let config = config.clone();
                // Whoever hangs up is no fault of the door.
                std::thread::spawn(move || _ = through(stream, first, config, to));
            }
        });
        Door { address, ends }
    }

    /// Where it is.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        // Wakes the thread that listens.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

/// One visitor: what comes in on this thread, what goes out on another.
fn through(mut from: TcpStream, first: First, config: Arc<ServerConfig>, to: SocketAddr) -> std::io::Result<()> {
    if first == First::Postgres {
        // Its length and a number: is TLS spoken here? Yes.
        from.read_exact(&mut [0; 8])?;
        from.write_all(b"S")?;
    }
    let mut server = TcpStream::connect(to)?;
    let connection = Arc::new(Mutex::new(ServerConnection::new(config).map_err(std::io::Error::other)?));
    let (mut answers, mut back, shared) = (server.try_clone()?, from.try_clone()?, connection.clone());
    std::thread::spawn(move || {
        let mut bytes = [0; 1 << 14];
        loop {
            let length = answers.read(&mut bytes).unwrap_or(0);
            let mut connection = lock(&shared);
            if length == 0 {
                connection.send_close_notify();
            }
            let done = connection.writer().write_all(&bytes[..length]).and_then(|()| flush(&mut connection, &mut back));
            if length == 0 || done.is_err() {
                let _ = back.shutdown(Shutdown::Both);
                return;
            }
        }
    });
    let mut bytes = [0; 1 << 14];
    let done = loop {
        let length = from.read(&mut bytes)?;
        if length == 0 {
            break Ok(());
        }
        let (mut packed, mut plain) = (&bytes[..length], Vec::new());
        let mut connection = lock(&connection);
        while !packed.is_empty() {
            connection.read_tls(&mut packed)?;
            if let Err(error) = connection.process_new_packets() {
                flush(&mut connection, &mut from)?;
                server.shutdown(Shutdown::Both)?;
                return Err(std::io::Error::other(error));
            }
            // It ends where no more has come yet.
            let _ = connection.reader().read_to_end(&mut plain);
        }
        flush(&mut connection, &mut from)?;
        drop(connection);
        server.write_all(&plain)?;
    };
    server.shutdown(Shutdown::Write)?;
    done
}

fn lock(connection: &Mutex<ServerConnection>) -> MutexGuard<'_, ServerConnection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends what waits to be sent.
fn flush(connection: &mut ServerConnection, to: &mut TcpStream) -> std::io::Result<()> {
    while connection.wants_write() {
        connection.write_tls(to)?;
    }
    Ok(())
}
