//! Who gets in: users of the desk, and where it may listen.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tellings_testing::Folder;

/// A folder with a store of a sample story.
fn desk(name: &str) -> (Folder, PathBuf) {
    let folder = Folder::new(name);
    let store = folder.join("desk.db");
    let samples = crate::root().join("examples/vienna");
    assert!(tellings(&store, &["add", &samples.to_string_lossy()], "").status.success());
    (folder, store)
}

fn tellings(store: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(arguments)
        .arg("--store")
        .arg(store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that wants none of it may be gone.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A desk on a port of its own; ended with the value.
struct Desk(Child, String);

impl Desk {
    fn open(store: &Path, more: &[&str]) -> Desk {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tellings"))
            .args(["serve", "--listen", "127.0.0.1:0", "--store"])
            .arg(store)
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap_or_else(|| panic!("{line}"));
        let address: String = address.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
        Desk(child, address)
    }

    fn ask(&self, path: &str, header: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{header}\r\n", self.1).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        text(&answer)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn beyond_this_machine_only_users_get_in() {
    let (_folder, store) = desk("users");
    for more in [&["serve", "--listen", "0.0.0.0:0"][..], &["serve", "--login", "--listen", "127.0.0.1:0"]] {
        let refused = tellings(&store, more, "");
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains("the store has no users") && text(&refused.stderr).contains("tellings user add"));
    }
    // Users come and go.
    let user = |arguments: &[&str], input: &str| {
        let output = tellings(&store, &[&["user"], arguments].concat(), input);
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, password, _) = user(&["add", "anna", "--role", "admin"], "");
    assert!(code == Some(0) && password.trim().len() == 24, "{password}");
    assert_eq!(user(&["add", "ben", "--password-stdin"], "too short\n").0, Some(2));
    assert_eq!(
        user(&["add", "ben", "--password-stdin"], "long enough\n"),
        (Some(0), String::new(), "tellings: `ben`: user added as reader\n".into())
    );
    assert!(user(&["add", "ben"], "").2.contains("a user `ben` already"));
    assert!(user(&["add", "b e n"], "").2.contains("no name of a user"));
    assert_eq!(user(&["role", "ben", "reviewer"], "").0, Some(0));
    assert_eq!(user(&["password", "nobody"], "").0, Some(2));
    let (_, token, _) = user(&["token", "ben", "--note", "notebook"], "");
    let token = token.trim().to_string();
    assert!(token.starts_with("tellings_") && token.len() == 73, "{token}");
    let (_, list, _) = user(&["list"], "");
    assert!(list.contains("anna  admin") && list.contains("ben  reviewer") && list.contains("notebook"), "{list}");
    // What is kept tells neither passwords nor tokens.
    let mut kept = std::fs::read(&store).unwrap();
    kept.extend(std::fs::read(store.with_extension("db-wal")).unwrap_or_default());
    let holds = |words: &str| kept.windows(words.len()).any(|w| w == words.as_bytes());
    assert!(!holds(password.trim()) && !holds(&token) && holds("$argon2id$"));
    {
        let desk = Desk::open(&store, &["--login", "--log"]);
        assert!(desk.ask("/", "").starts_with("HTTP/1.1 303 "));
        let bearer = format!("Authorization: Bearer {token}\r\n");
        assert!(desk.ask("/api/v1/stories", &bearer).starts_with("HTTP/1.1 200 "));
        // A token that was taken back opens nothing, at once.
        let hash = list.split("token ").nth(1).unwrap()[..12].to_string();
        assert_eq!(user(&["revoke", &hash], "").0, Some(0));
        assert!(desk.ask("/api/v1/stories", &bearer).starts_with("HTTP/1.1 401 "));
    }
    assert_eq!(user(&["remove", "ben"], "").0, Some(0));
    assert_eq!(user(&["remove", "ben"], "").0, Some(2));
    // On this machine nobody is asked who they are, users or none.
    let desk = Desk::open(&store, &[]);
    assert!(desk.ask("/", "").starts_with("HTTP/1.1 200 "));
}

#[test]
fn an_assistant_is_answered_on_standard_output() {
    let (_folder, store) = desk("mcp");
    let lines = [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"q":"Vienna"}}}"#,
    ];
    let mut child = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(["mcp", "--store"])
        .arg(&store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for line in lines {
        writeln!(input, "{line}").unwrap();
    }
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let begun: serde_json::Value = serde_json::from_str(&answers.next().unwrap()).unwrap();
    assert_eq!(begun["result"]["serverInfo"]["name"], "tellings");
    let found: serde_json::Value = serde_json::from_str(&answers.next().unwrap()).unwrap();
    assert!(found["result"]["structuredContent"]["reports"][0]["citations"][0]["words"].is_string(), "{found}");
    // It ends with who spoke to it.
    drop(input);
    assert!(child.wait().unwrap().success());
}
