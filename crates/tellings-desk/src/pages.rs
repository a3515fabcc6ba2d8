//! Which page, or which answer, belongs to which address.

mod about;
mod account;
mod actor;
mod event;
mod events;
mod problems;
mod report;
mod review;
mod search;
pub(crate) mod seen;
mod sources;
mod stories;
mod story;

use crate::http::{Request, Response};
use crate::{Answer, Desk, Fail, assets};
pub(crate) use events::asked as asked_events;
use serde_json::json;
pub(crate) use stories::asked as asked_stories;
pub(crate) use story::told;
use tellings::export::Form;

pub(crate) fn route(desk: &Desk, request: &Request) -> Answer {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    let get = request.method == "GET";
    match (get, path.as_slice()) {
        (true, [""]) => stories::page(desk, request),
        (true, ["story", id]) => story::page(desk, request, id),
        (true, ["report", id]) => report::page(desk, request, id),
        (true, ["search"]) => search::page(desk, request),
        (true, ["events"]) => events::page(desk, request),
        (true, ["events.csv"]) => events::file(desk, request, Form::Csv),
        (true, ["events.parquet"]) => events::file(desk, request, Form::Parquet),
        (true, ["event", id]) => event::page(desk, request, id),
        (true, ["actor", id @ ..]) if !id.is_empty() => actor::page(desk, request, &id.join("/")),
        (true, ["sources"]) => sources::page(desk, request),
        (true, ["problems"]) => problems::page(desk, request),
        (true, ["review"]) => review::page(desk, request),
        (false, ["review"]) => review::decide(desk, request),
        (true, ["login"]) => Ok(account::login(desk, request, None)),
        (false, ["login"]) => account::log_in(desk, request),
        (false, ["logout"]) => account::log_out(desk, request),
        (true, ["account"]) => Ok(account::page(desk, request)),
        (true, ["audit"]) => account::audit(desk, request),
        (_, ["api", "v1", rest @ ..]) => crate::api::route(desk, request, rest),
        (true, ["about"]) => Ok(about::page()),
        (true, ["assets", name]) => assets::file(name).ok_or_else(|| Fail::Missing("such file".to_string())),
        (true, ["favicon.ico"]) => assets::file("mark.svg").ok_or_else(|| Fail::Missing("such file".to_string())),
        (true, ["healthz"]) => {
            desk.version()?;
            Ok(Response::new(200, "text/plain; charset=utf-8", "ok\n").with("cache-control", "no-store"))
        }
        (true, ["metrics"]) => {
            let text = desk.tally.metrics();
            Ok(Response::new(200, "text/plain; version=0.0.4; charset=utf-8", text).with("cache-control", "no-store"))
        }
        (true, ["live"]) => {
            let mut live = Response::new(200, "text/event-stream", "").with("cache-control", "no-store");
            live.body = crate::Body::Live;
            Ok(live)
        }
        _ => Err(Fail::Missing("such page".to_string())),
    }
}

/// What went wrong, as RFC 9457 has it.
pub(crate) fn problem(status: u16, title: &str, note: &str) -> Response {
    let body = json!({"type": "about:blank", "title": title, "status": status, "detail": note}).to_string();
    let mut response = Response::new(status, "application/problem+json", body);
    response.status = status;
    response
}
