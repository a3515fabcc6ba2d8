//! One question to a host at a time, and a pause between two.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Who is being asked, and who is to be left alone until when.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    hosts: Mutex<HashMap<String, Host>>,
    freed: Condvar,
}

#[derive(Debug)]
enum Host {
    Asked,
    Free(Instant),
}

/// Hosts that are remembered before those that may be asked again are forgotten.
const MOST: usize = 4096;

/// Somebody's turn at a host; ends when it is dropped.
pub(crate) struct Turn<'a> {
    gate: &'a Gate,
    host: String,
    pause: Duration,
}

impl Gate {
    /// Waits until the host may be asked. When the turn ends the host is left alone for the pause.
    pub(crate) fn enter(&self, host: &str, pause: Duration) -> Turn<'_> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            let wait = match hosts.get(host) {
                Some(Host::Asked) => None,
                Some(Host::Free(when)) if *when > now => Some(*when - now),
                _ => break,
            };
            hosts = match wait {
                None => self.freed.wait(hosts).unwrap_or_else(PoisonError::into_inner),
                Some(wait) => self.freed.wait_timeout(hosts, wait).unwrap_or_else(PoisonError::into_inner).0,
            };
        }
        if hosts.len() > MOST {
            let now = Instant::now();
            hosts.retain(|_, host| !matches!(host, Host::Free(when) if *when <= now));
        }
        hosts.insert(host.to_string(), Host::Asked);
        Turn { gate: self, host: host.to_string(), pause }
    }

    /// How long a host is to be left alone from now on; while it is being asked at least the pause.
    pub(crate) fn wait(&self, host: &str, pause: Duration) -> Duration {
        match self.hosts.lock().unwrap_or_else(PoisonError::into_inner).get(host) {
            Some(Host::Asked) => pause.max(Duration::from_millis(20)),
            Some(Host::Free(when)) => when.saturating_duration_since(Instant::now()),
            None => Duration::ZERO,
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut hosts = self.gate.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.insert(std::mem::take(&mut self.host), Host::Free(Instant::now() + self.pause));
        self.gate.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn one_at_a_time_and_a_pause_between() {
        let (gate, inside, most) = (Gate::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        let (pause, started) = (Duration::from_millis(30), Instant::now());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let _turn = gate.enter("a.example", pause);
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(5));
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
            }
            drop(gate.enter("b.example", Duration::ZERO));
        });
        assert_eq!(most.load(Ordering::SeqCst), 1);
        assert!(started.elapsed() >= Duration::from_millis(3 * 35), "{:?}", started.elapsed());
        assert!(gate.wait("a.example", pause) <= pause && gate.wait("c.example", pause).is_zero());
    }
}
