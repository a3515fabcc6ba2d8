//! Outlets and feeds: what is their own, how late they are, and how the feeds are doing.

use crate::http::encoded;
use crate::layout::{self, Page, Tab};
use crate::{Answer, Desk, Request, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use tellings::store::{Feed, OutletRow, Queue};

/// Outlets on a page, and feeds.
const STEP: usize = 60;

pub(crate) fn page(desk: &Desk, request: &Request) -> Answer {
    let (sum, fresh) = desk.sums()?;
    let skip = request.number("skip", 0, 1_000_000, 0).min(sum.outlets.len());
    let outlets = &sum.outlets[skip..];
    let (feeds, queues) = desk.shelf.read(|store| Ok((store.feeds()?, store.queues()?)))?;
    let body = html! {
        div.head {
            h1 { "Sources" }
            p.note { "Measured from the reports in this store: how much of an outlet is its own, how much is copied, and how many days after a story's first report its own come." }
        }
        @if outlets.is_empty() { p.empty { "No reports yet." } } @else { (outlets_table(&outlets[..outlets.len().min(STEP)])) }
        (layout::turn(request, skip, STEP, outlets.len() > STEP))
        h2 { "Feeds" }
        @if feeds.is_empty() { p.note { "None is watched: " code { "tellings watch" } " does." } } @else {
            (feeds_table(&feeds[..feeds.len().min(STEP)], &queues))
            @if feeds.len() > STEP { p.note { "The first " (STEP) " of " (feeds.len()) "; " code { "tellings feeds" } " tells of all." } }
        }
    };
    Ok(Response::html(200, Page { title: "Sources", tab: Tab::Sources, words: "", also: Vec::new(), body }.set()).kept_if(fresh))
}

/// A share as a bar with its figure.
fn share(part: u64, all: u64) -> Markup {
    let percent = (part * 100).checked_div(all).unwrap_or(0);
    html! {
        svg.share width="60" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.all width="100" height="10" {} rect.own width=(percent) height="10" {}
        } " " (percent) " %"
    }
}

fn outlets_table(outlets: &[OutletRow]) -> Markup {
    html! {
        table.list {
            thead { tr {
                th scope="col" { "Outlet" } th.num scope="col" { "Reports" } th scope="col" { "Own words" } th.num scope="col" { "Copies" } th.num scope="col" { "Excerpts" }
                th.num scope="col" { "Rewrites" } th.num scope="col" { "Stories" } th.num scope="col" { "Days late" } th scope="col" { "Days" }
            } }
            tbody { @for one in outlets {
                tr {
                    td data-name="Outlet" { @match &one.outlet { Some(outlet) => { a href=(format!("/search?outlet={}", encoded(outlet))) { (outlet) } } None => { span.unknown { "not known" } } } }
                    td.num data-name="Reports" { (one.reports) }
                    td.inline data-name="Own words" { (share(one.originals, one.reports)) }
                    td.num data-name="Copies" { (one.copies) } td.num data-name="Excerpts" { (one.excerpts) } td.num data-name="Rewrites" { (one.rewrites) }
                    td.num data-name="Stories" { (one.stories) }
                    td.num data-name="Days late" { @match one.late { Some(late) => { (format!("{late:.1}")) } None => { "–" } } }
                    td.days data-name="Days" { (layout::days(one.days.0.as_deref(), one.days.1.as_deref())) }
                }
            } }
        }
    }
}

fn time(seconds: Option<i64>) -> Markup {
    match seconds.and_then(|s| Timestamp::from_second(s).ok()) {
        Some(time) => {
            let whole = time.to_string();
            html! { time datetime=(whole) { (whole.get(..16).unwrap_or(&whole).replace('T', " ")) } }
        }
        None => html! { span.unknown { "never" } },
    }
}

fn feeds_table(feeds: &[Feed], queues: &[Queue]) -> Markup {
    html! {
        table.list {
            thead { tr { th scope="col" { "Feed" } th scope="col" { "How it is" } th scope="col" { "Last there (UTC)" } th scope="col" { "Last new (UTC)" }
                th.num scope="col" { "Items" } th.num scope="col" { "Waiting" } } }
            tbody { @for feed in feeds {
                tr {
                    td data-name="Feed" { (feed.title.as_deref().unwrap_or(&feed.address)) p.sub { (feed.address) @if let Some(moved) = &feed.moved { " → " (moved) } } }
                    td data-name="How it is" { @if feed.gone { span.tag { "gone" } } @else if feed.failures > 0 { span.agree.disputed { (layout::plural(u64::from(feed.failures), "failure")) } } @else { span.agree.agreed { "well" } }
                        @if let Some(error) = &feed.error { p.sub { (error) } } }
                    td.date data-name="Last there" { (time(feed.succeeded)) } td.date data-name="Last new" { (time(feed.changed)) }
                    td.num data-name="Items" { (feed.items) }
                    td.num data-name="Waiting" { (queues.iter().find(|q| q.feed == feed.address).map_or(0, |q| q.waiting)) }
                }
            } }
        }
    }
}
