//! Login, what one's account is, and what was done.

use crate::accounts::{self, ROLES};
use crate::layout::{self, Page, Tab};
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};

/// Rows of a page of what was done.
const STEP: usize = 100;

fn set(status: u16, title: &str, body: Markup) -> Response {
    // Nobody else is to be shown it.
    Response::html(status, Page { title, tab: Tab::None, words: "", also: Vec::new(), body }.set())
        .with("cache-control", "no-store")
}

/// Only addresses of this desk.
fn ours(to: Option<&str>) -> &str {
    let fits = |to: &&str| to.starts_with('/') && !to[1..].starts_with(['/', '\\']) && !to.contains(|c: char| c.is_control());
    to.filter(fits).unwrap_or("/")
}

pub(crate) fn login(desk: &Desk, request: &Request, wrong: Option<&str>) -> Response {
    let to = ours(request.value("to").or(request.field("to")));
    let body = html! {
        div.head { h1 { "Log in" } }
        @if desk.accounts.is_none() {
            p { "This desk has no accounts: it answers to this machine only, and asks nobody who they are. " a href="/" { "To the stories" } }
        } @else {
            @if let Some(wrong) = wrong { p.notice role="alert" { (wrong) } }
            form.login method="post" action="/login" {
                input type="hidden" name="token" value=(desk.token(request)); input type="hidden" name="to" value=(to);
                label { "Name" input name="name" autocomplete="username" autocapitalize="none" required maxlength="40" value=(request.field("name").unwrap_or_default()); }
                label { "Password" input type="password" name="password" autocomplete="current-password" required maxlength="1024"; }
                button { "Log in" }
            }
            p.note { "Who looks after this desk makes users: " code { "tellings user add" } "." }
        }
    };
    set(if wrong.is_some() { 401 } else { 200 }, "Log in", body)
}

pub(crate) fn log_in(desk: &Desk, request: &Request) -> Answer {
    let Some(accounts) = &desk.accounts else { return Ok(Response::see("/")) };
    let (name, password) = (request.field("name").unwrap_or_default(), request.raw_field("password"));
    match accounts.log_in(desk, name, password, &request.address) {
        Ok(id) => Ok(Response::see(ours(request.field("to")))
            .with("set-cookie", &accounts::set_cookie(request, &id))
            .with("cache-control", "no-store")),
        Err(Fail::Unknown(why)) => Ok(login(desk, request, Some(&why))),
        Err(fail) => Err(fail),
    }
}

pub(crate) fn log_out(desk: &Desk, request: &Request) -> Answer {
    let Some(accounts) = &desk.accounts else { return Ok(Response::see("/")) };
    accounts.log_out(request);
    if let Some(user) = &request.user {
        accounts::note(desk, &user.name, &request.address, "logout", "")?;
    }
    Ok(Response::see("/login").with("set-cookie", &accounts::set_cookie(request, "")).with("cache-control", "no-store"))
}

pub(crate) fn page(desk: &Desk, request: &Request) -> Response {
    let body = match &request.user {
        None => html! {
            div.head { h1 { "Account" } }
            p { "This desk has no accounts: it answers to this machine only, and asks nobody who they are." }
        },
        Some(user) => html! {
            div.head { h1 { "Account" } p.meta { span { (user.name) } span { (ROLES.iter().find(|r| r.1 == user.role).map_or("", |r| r.0)) } } }
            p { "Readers read; reviewers set right; admins see " a href="/audit" { "what was done" } "." }
            p.note { "Programs and assistants show a token: " code { "tellings user token " (user.name) } " makes one." }
            form method="post" action="/logout" { input type="hidden" name="token" value=(desk.token(request)); button { "Log out" } }
        },
    };
    set(200, "Account", body)
}

pub(crate) fn audit(desk: &Desk, request: &Request) -> Answer {
    let skip = request.number("skip", 0, 1_000_000, 0);
    let mut rows = desk.shelf.read(|store| store.audited(STEP + 1, skip))?;
    let more = rows.len() > STEP;
    rows.truncate(STEP);
    let body = html! {
        div.head { h1 { "What was done" } p.note { "Logins, refusals and changes on this desk, the latest first." } }
        @if rows.is_empty() { p.empty { "Nothing yet." } } @else {
            table.list {
                thead { tr { @for name in ["When (UTC)", "Who", "From", "What", "About"] { th scope="col" { (name) } } } }
                tbody { @for row in &rows { tr {
                    td.date data-name="When" { (row.made.replacen('T', " ", 1).trim_end_matches('Z')) }
                    td data-name="Who" { (row.name) } td data-name="From" { (row.address) }
                    td data-name="What" { span.tag { (row.action) } } td data-name="About" { (row.note) }
                } } }
            }
        }
        (layout::turn(request, skip, STEP, more))
    };
    Ok(set(200, "What was done", body))
}
