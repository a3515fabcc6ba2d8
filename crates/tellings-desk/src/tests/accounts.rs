//! Who may ask what, where the desk has accounts.

use super::{Served, inert};
use crate::accounts::{self, Role};
use crate::{Desk, Request, Response};
use std::path::PathBuf;
use tellings::store::{Database, Store, TokenRow, UserRow};

const PASSWORD: &str = "correct horse battery";

/// A store with a report and three users, and the desk on it.
fn desk(name: &str) -> (PathBuf, Desk) {
    let path = std::env::temp_dir().join(format!("tellings-desk-{}-{name}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    std::fs::copy(super::store(), &path).unwrap();
    let mut store = Database::open(&path).unwrap();
    let hash = accounts::password_hash(PASSWORD).unwrap();
    for (name, role) in [("rea", "reader"), ("rev", "reviewer"), ("adm", "admin")] {
        let user = UserRow { name: name.into(), role: role.into(), hash: hash.clone(), made: accounts::now() };
        store.keep_user(&user).unwrap();
        let token = TokenRow { hash: accounts::token_hash(&format!("token-{name}")), name: name.into(), ..TokenRow::default() };
        store.keep_token(&token).unwrap();
    }
    let desk = Desk::open(&path).unwrap().with_accounts(Vec::new()).unwrap();
    (path, desk)
}

fn login(desk: &Desk, name: &str, password: &str, to: &str) -> Response {
    let page = desk.answer(&Request::get("/login")).text();
    let token = page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let mut request = Request::post("/login", &[("token", &token), ("to", to), ("name", name), ("password", password)]);
    request.address = "192.0.2.7".to_string();
    desk.answer(&request)
}

/// The cookie of a new session.
fn session(desk: &Desk, name: &str) -> String {
    let response = login(desk, name, PASSWORD, "/");
    assert_eq!((response.status, response.header("location")), (303, Some("/")), "{}", response.text());
    let cookie = response.header("set-cookie").unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax;") && cookie.contains("Path=/"), "{cookie}");
    cookie.split(';').next().unwrap().to_string()
}

#[test]
fn nobody_gets_in_unknown() {
    let (_, desk) = desk("unknown");
    let page = desk.answer(&Request::get("/story/s-1?all=x"));
    assert_eq!((page.status, page.header("location")), (303, Some("/login?to=%2Fstory%2Fs-1%3Fall%3Dx")));
    for address in ["/", "/search?q=a", "/events.csv", "/review", "/audit", "/account", "/report/norwire-0905", "/nothing"] {
        assert_eq!(desk.answer(&Request::get(address)).status, 303, "{address}");
    }
    for address in ["/api/v1/stories", "/api/v1/openapi.json", "/api/v1/nothing"] {
        let response = desk.answer(&Request::get(address));
        assert_eq!((response.status, response.header("www-authenticate")), (401, Some("Bearer")), "{address}");
    }
    assert_eq!(["/live", "/metrics"].map(|a| desk.answer(&Request::get(a)).status), [401, 303]);
    assert_eq!(["/login", "/about", "/healthz"].map(|a| desk.answer(&Request::get(a)).status), [200; 3]);
    inert(&desk.answer(&Request::get("/login?to=%22%3E%3Cscript%3E")).text(), "/login");
    // What is no token and no session is nothing.
    for (name, value) in
        [("authorization", "Bearer x"), ("authorization", "Basic cmVhOng="), ("cookie", "desk="), ("cookie", "desk=0; desk=1")]
    {
        assert_eq!(desk.answer(&Request::get("/api/v1/stories").with(name, value)).status, 401, "{value}");
    }
    // A desk without users lets nobody in, and is not opened.
    assert!(Desk::open(super::store()).unwrap().with_accounts(Vec::new()).is_err());
}

#[test]
fn a_session_from_login_to_logout() {
    let (path, desk) = desk("session");
    let wrong = login(&desk, "rev", "correct horse batterx", "/");
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None));
    let nobody = login(&desk, "nobody", PASSWORD, "/");
    let told = |r: &Response| r.text().split("role=\"alert\"").nth(1).map(|t| t[..60].to_string());
    assert_eq!(told(&wrong), told(&nobody), "what is wrong is not told");
    let cookie = session(&desk, "rev");
    let get = |address: &str| desk.answer(&Request::get(address).with("cookie", &cookie));
    assert_eq!(get("/").status, 200);
    assert!(get("/account").text().contains("rev") && get("/account").header("cache-control") == Some("no-store"));
    // Only addresses of this desk are led to.
    for to in ["//evil.example", "https://evil.example", "/\\evil.example", "/\r\nset-cookie: a=b", ""] {
        assert_eq!(login(&desk, "rea", PASSWORD, to).header("location"), Some("/"), "{to}");
    }
    assert_eq!(login(&desk, "rea", PASSWORD, "/events?sort=day").header("location"), Some("/events?sort=day"));
    // Another's form is not taken, nor the one that everybody gets; one's own is.
    let review = get("/review").text();
    let token = |page: &str| page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let other = session(&desk, "rev");
    let others = desk.answer(&Request::get("/review").with("cookie", &other)).text();
    let everybodys = desk.answer(&Request::get("/login")).text();
    let event = review.split("name=\"event\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let accept = |token: &str, cookie: &str| {
        let form = [("token", token), ("action", "accept"), ("event", event.as_str()), ("by", "somebody else")];
        desk.answer(&Request::post("/review", &form).with("cookie", cookie)).status
    };
    assert_eq!([accept(&token(&others), &cookie), accept(&token(&everybodys), &cookie), accept("", &cookie)], [403; 3]);
    assert_eq!(accept(&token(&review), &cookie), 303);
    // It is told whose it is, whatever name was given.
    let store = Database::open_to_read(&path).unwrap();
    assert_eq!(store.corrections().unwrap().last().map(|c| c.author.clone()).as_deref(), Some("rev"));
    let audit = store.audited(50, 0).unwrap();
    let count = |action: &str, name: &str| audit.iter().filter(|a| a.action == action && a.name == name).count();
    assert_eq!((count("correct", "rev"), count("refused", "rev"), count("refused", "nobody")), (1, 1, 1));
    assert!(count("login", "rev") == 2 && audit.iter().any(|a| a.address == "192.0.2.7"));
    // Out is out.
    let out = desk.answer(&Request::post("/logout", &[("token", &token(&get("/account").text()))]).with("cookie", &cookie));
    assert_eq!((out.status, out.header("set-cookie").map(|c| c.contains("Max-Age=0"))), (303, Some(true)));
    assert_eq!((get("/").status, desk.answer(&Request::get("/").with("cookie", &other)).status), (303, 200));
    // Another password ends the sessions that began with the last one.
    let mut store = Database::open(&path).unwrap();
    let user = store.users().unwrap().into_iter().find(|u| u.name == "rev").unwrap();
    store.keep_user(&UserRow { hash: accounts::password_hash("another password").unwrap(), ..user }).unwrap();
    assert_eq!(desk.answer(&Request::get("/").with("cookie", &other)).status, 303);
}

#[test]
fn wrong_passwords_are_not_tried_for_ever() {
    let (_, desk) = desk("tries");
    for _ in 0..5 {
        assert_eq!(login(&desk, "rea", "not the password", "/").status, 401);
    }
    let late = login(&desk, "rea", PASSWORD, "/");
    assert_eq!(late.status, 429, "even the right one");
    assert!(late.header("retry-after").and_then(|s| s.parse::<u64>().ok()).is_some_and(|s| s > 0 && s <= 901));
    // Others get in, until too many were wrong from there.
    session(&desk, "rev");
    for n in 0..5 {
        for _ in 0..5 {
            login(&desk, &format!("guess{n}"), "x", "/");
        }
    }
    assert_eq!(login(&desk, "rev", PASSWORD, "/").status, 429);
}

#[test]
fn each_role_may_what_it_may() {
    let (_, desk) = desk("roles");
    let ask = |request: Request, who: &str| desk.answer(&request.with("authorization", &format!("Bearer token-{who}"))).status;
    for who in ["rea", "rev", "adm"] {
        assert_eq!(ask(Request::get("/"), who), 200);
        assert_eq!(ask(Request::get("/api/v1/stories"), who), 200);
        // A program has no form.
        assert_eq!(ask(Request::post("/review", &[("action", "accept"), ("event", "v-1")]), who), 403);
    }
    assert_eq!(["rea", "rev", "adm"].map(|who| ask(Request::get("/audit"), who)), [403, 403, 200]);
    assert_eq!(["rea", "rev", "adm"].map(|who| ask(Request::get("/metrics"), who)), [403, 403, 200]);
    let cookie = session(&desk, "rea");
    let page = desk.answer(&Request::get("/review").with("cookie", &cookie)).text();
    let token = page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let form = [("token", token.as_str()), ("action", "accept"), ("event", "v-1")];
    assert_eq!(desk.answer(&Request::post("/review", &form).with("cookie", &cookie)).status, 403);
    assert!(Role::Reader < Role::Reviewer && Role::Reviewer < Role::Admin);
}

#[test]
fn assistants_show_a_token() {
    let (_, desk) = desk("assistants");
    let served = Served::new(desk.with_hand("assistant"));
    let list = |header: &str| {
        let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#;
        let head = "POST /mcp HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nConnection: close\r\n";
        served.raw(format!("{head}{header}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
    };
    let nobody = list("");
    assert!(nobody.starts_with("HTTP/1.1 401 ") && nobody.to_lowercase().contains("www-authenticate: bearer"), "{nobody}");
    let reader = list("Authorization: Bearer token-rea\r\n");
    assert!(reader.starts_with("HTTP/1.1 200 ") && !reader.contains("\"correct\""), "{reader}");
    assert!(list("Authorization: Bearer token-rev\r\n").contains("\"correct\""));
    served.end();
}
