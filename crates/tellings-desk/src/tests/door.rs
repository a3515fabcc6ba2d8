//! What assistants are answered.

use super::{Served, desk, ids, store};
use crate::mcp::Door;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tellings::store::{Database, Store};

fn given(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// Every place in a report that an answer names.
fn places<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(object) => {
            if object.contains_key("document") && object.contains_key("span") {
                found.push(value);
            }
            object.values().for_each(|one| places(one, found));
        }
        Value::Array(all) => all.iter().for_each(|one| places(one, found)),
        _ => (),
    }
}

#[test]
fn every_tool_cites_words_that_stand_there() {
    let door = Door::new(Arc::new(desk()), None);
    let (story, event, who) = ids();
    let store = Database::open_to_read(store()).unwrap();
    let questions = [
        ("search", json!({"q": "Obama Putin"}), 2),
        ("stories", json!({"origins": 2}), 0),
        ("story", json!({"id": story}), 20),
        ("story", json!({"id": story, "section": "timeline", "rows": 30}), 10),
        ("events", json!({"type": ["CONSULT", "AGREE"], "limit": 4}), 4),
        ("event", json!({"id": event}), 1),
        ("actor", json!({"id": who}), 4),
        ("timeline", json!({"id": story, "since": "2016-09-01"}), 4),
        ("quotes", json!({"id": story, "speaker": "Obama"}), 1),
        ("claims", json!({"id": story, "cited": 1}), 2),
        ("explain", json!({"of": event}), 2),
        ("explain", json!({"of": "norwire-0905:0-60"}), 2),
    ];
    for (tool, asked, least) in questions {
        let value = door.call(tool, &given(asked.clone())).unwrap_or_else(|fail| panic!("{tool} {asked}: {}", fail.told().2));
        let mut cited = Vec::new();
        places(&value, &mut cited);
        assert!(cited.len() >= least, "{tool} {asked}: {} citations in {value:#}", cited.len());
        for place in cited {
            let text = store.document(place["document"].as_str().unwrap()).unwrap().unwrap().entry.text;
            let at = |n: usize| place["span"][n].as_u64().unwrap() as usize;
            let there = text[at(0)..at(1)].split_whitespace().collect::<Vec<_>>().join(" ");
            let words = place["words"].as_str().unwrap_or_else(|| panic!("{tool} {asked}: no words in {place}"));
            assert!(!words.is_empty() && there.starts_with(words.trim_end_matches('…')), "{tool}: {words} is not {there}");
        }
    }
    // All tools are told, none writes, and what they take is what the API takes.
    let tools = door.tools();
    assert_eq!(tools.len(), 10);
    assert!(tools.iter().all(|t| t.annotations.as_ref().is_some_and(|a| a.read_only_hint == Some(true))));
    let events = tools.iter().find(|t| t.name == "events").unwrap();
    assert_eq!(events.input_schema["properties"]["type"]["items"]["enum"].as_array().map(Vec::len), Some(16));
    assert_eq!(tools.iter().find(|t| t.name == "event").unwrap().input_schema["required"], json!(["id"]));
}

#[test]
fn what_an_assistant_cannot_ask_is_told() {
    let door = Door::new(Arc::new(desk()), None);
    let told = |tool: &str, asked: Value| door.call(tool, &given(asked)).map_err(|fail| fail.told().2).unwrap_err();
    assert_eq!(told("event", json!({})), "`id` must be given.");
    assert_eq!(told("event", json!({"id": "v-none"})), "There is no event `v-none` in this store.");
    assert!(told("events", json!({"typ": "CONSULT"})).starts_with("There is no `typ`; there are type, since"));
    assert!(told("events", json!({"type": "WAR"})).contains("is one of AGREE"));
    assert!(told("events", json!({"limit": {}})).contains("is a text or a number"));
    // Nobody let it correct.
    assert_eq!(told("correct", json!({"action": "accept"})), "There is no tool `correct` in this store.");
    // It asks the API and nothing else, whatever it gives for an id.
    assert_eq!(told("story", json!({"id": "../../review"})), "There is no story `../../review` in this store.");
}

#[test]
fn a_door_over_http() {
    let served = Served::new(desk());
    let post = |headers: &str, body: &str| {
        let request = format!(
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n\
             Connection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        served.raw(request.as_bytes())
    };
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#;
    let answer = post("", list);
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"name\":\"timeline\""), "{answer}");
    let call = r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"q":"Hangzhou"}}}"#;
    let answer = post("", call);
    assert!(answer.contains("\"structuredContent\"") && answer.contains("tellings.search/1"), "{answer}");
    // Another's page, or another's name for this machine, is not answered.
    assert!(post("Origin: http://evil.example\r\n", list).starts_with("HTTP/1.1 403 "));
    assert!(post("Sec-Fetch-Site: cross-site\r\n", list).starts_with("HTTP/1.1 403 "));
    let named = served.raw(
        format!("POST /mcp HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{list}", list.len())
            .as_bytes(),
    );
    assert!(named.starts_with("HTTP/1.1 403 "), "{named}");
    let get = served.raw(b"GET /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(get.starts_with("HTTP/1.1 405 "), "{get}");
    served.end();
}
