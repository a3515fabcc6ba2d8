//! A desk on a store that lies on a PostgreSQL server answers as one on a file does.

use super::{desk, ids, pages, samples};
use crate::{Body, Desk, Request, Response};
use std::path::Path;
use tellings::Models;
use tellings::store::{Database, Store};

/// What differs between two desks, or two databases, by design: forms are of the desk that gave them out, and runs began when they did.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split("name=\"token\" value=\"").enumerate() {
        out.push_str(if at == 0 { part } else { part.split_once('"').map_or("", |p| p.1) });
    }
    out
}

fn body(response: &Response) -> Vec<u8> {
    match &response.body {
        Body::Whole(bytes) => bytes.to_vec(),
        Body::Pieces(_) | Body::Live => Vec::new(),
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "who runs the tests is told what was left out")]
fn a_desk_on_a_server_answers_as_one_on_a_file() {
    let Ok(url) = std::env::var("TELLINGS_POSTGRES") else {
        return println!("skipped: TELLINGS_POSTGRES names a server to test with");
    };
    let schema = format!("desk_{}", std::process::id());
    let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("a server");
    client.batch_execute(&format!("CREATE SCHEMA {schema}")).expect("an empty place");
    let mark = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{mark}options=-csearch_path%3D{schema}");
    let path = Path::new(&url);
    let mut store = Database::open(path).unwrap();
    let all = samples().into_iter().map(Ok);
    tellings::store::add(&Models::shipped(), &mut store, &tellings::store::this_run(&[]), all, |_| ()).unwrap();
    {
        let (here, there) = (desk(), Desk::open(path).unwrap());
        let (story, event, who) = ids();
        let id = crate::http::encoded;
        let mut same: Vec<String> = pages().into_iter().filter(|p| !p.starts_with("/search?q")).collect();
        same.extend(["last", "day", "type", "place", "origins", "agreement"].map(|sort| format!("/events?sort={sort}")));
        same.extend(
            [
                "/events?actor=obama",
                "/events?actor=usa",
                "/events?place=hangzhou",
                "/events?place=CHN",
                "/events?type=CONSULT&type=ACCUSE",
                "/events?since=2016-09-01&until=2016-09-05",
                "/events?since=2016-09-01",
                "/events?realis=actual&agreement=disputed&origins=2",
                "/events.csv?sort=origins",
                "/?since=2016-01-01&until=2016-12-31",
                "/?origins=2",
                "/problems?kind=no-date",
                "/api/v1/events.jsonl",
                "/api/v1/entities?name=obama",
                "/api/v1/entities/Barack%20Obama",
                "/api/v1/sources",
                "/api/v1/problems?limit=3",
                "/api/v1/stories?limit=3",
                "/api/v1/stories?reports=2&actor=person%2Fbarack-obama",
                "/api/v1/events?limit=7&sort=place",
                "/api/v1/reports/norwire-0905",
                "/api/v1/explain?of=norwire-0905:0-60",
                "/event/none",
                "/story/none",
                "/report/none",
            ]
            .map(str::to_string),
        );
        for part in ["", "/brief?cited=2", "/timeline?limit=5", "/quotes", "/claims", ".ics", "/export/claims", "/export/prov"] {
            same.push(format!("/api/v1/stories/{}{part}", id(&story)));
        }
        same.extend([
            format!("/story/{}?all=timeline", id(&story)),
            format!("/actor/{}", id(&who)),
            format!("/api/v1/events/{}?cited=1", id(&event)),
            format!("/events?entity={}", id(&who)),
            format!("/events?story={}", id(&story)),
            format!("/?actor={}", id(&who)),
        ]);
        for address in &same {
            let (a, b) = (here.answer(&Request::get(address)), there.answer(&Request::get(address)));
            assert_eq!(a.status, b.status, "{address}: {}", b.text());
            assert_eq!(a.header("content-type"), b.header("content-type"), "{address}");
            assert!(plain(&a.text()) == plain(&b.text()), "{address}:\n{}\n{}", a.text(), b.text());
            assert_eq!(a.text().is_empty(), body(&b).is_empty(), "{address}");
        }
        // Page by page it is the same list, too.
        let whole = |desk: &Desk| {
            let (mut cursor, mut all) = (String::new(), Vec::new());
            loop {
                let page = desk.answer(&Request::get(&format!("/api/v1/events?sort=agreement&limit=9{cursor}"))).text();
                let page: serde_json::Value = serde_json::from_str(&page).unwrap();
                all.extend(page["events"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap().to_string()));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => return all,
                }
            }
        };
        let (a, b) = (whole(&here), whole(&there));
        assert!(a.len() > 50 && a == b);
        // What is found by words is ranked as each database does; the same is found.
        for words in ["Obama", "talks+Geneva", "%22long+meeting%22", "title:truce", "negot*", "zzzzqq", "Obama+-Putin"] {
            let found = |desk: &Desk| {
                let page = desk.answer(&Request::get(&format!("/search?q={words}")));
                let text = page.text();
                let mut found: Vec<String> =
                    text.split("<li><h2><a href=\"").skip(1).map(|p| p.split('"').next().unwrap().to_string()).collect();
                found.sort_unstable();
                // Which of many are on the first page is a matter of rank.
                if found.len() >= 25 {
                    found.clear()
                }
                (page.status, found)
            };
            assert_eq!(found(&here), found(&there), "{words}");
        }
        // What is set right is kept there, and taken back.
        let token = there.token(&Request::get("/")).to_string();
        let form = [("token", token.as_str()), ("action", "reject"), ("event", event.as_str()), ("by", "tests")];
        let done = there.answer(&Request::post("/review", &form));
        let back = done.header("location").unwrap_or_default().to_string();
        assert!(done.status == 303 && back.contains("done="), "{} {back}", done.text());
        let correction = back.split("done=").nth(1).unwrap().split('&').next().unwrap();
        let form = [("token", token.as_str()), ("action", "undo"), ("correction", correction)];
        assert_eq!(there.answer(&Request::post("/review", &form)).status, 303);
        assert_eq!(store.corrections().unwrap().len(), 1);
    }
    drop(store);
    client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).expect("it goes");
}
