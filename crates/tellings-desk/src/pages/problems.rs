//! What was wrong with reports, and what could not be read.

use crate::layout::{self, Page, Tab};
use crate::{Answer, Desk, Request, Response};
use maud::html;
use tellings::store::ProblemSearch;

/// Problems on a page.
const STEP: usize = 100;

pub(crate) fn page(desk: &Desk, request: &Request) -> Answer {
    let skip = request.number("skip", 0, 10_000_000, 0);
    let search = ProblemSearch { kind: request.text("kind"), item: request.text("item"), limit: STEP + 1, skip };
    let (kinds, mut problems) = desk.shelf.read(|store| Ok((store.problem_kinds()?, store.problems(&search)?)))?;
    let more = problems.len() > STEP;
    problems.truncate(STEP);
    let body = html! {
        div.head { h1 { "Problems" } p.note { "Nothing is left out silently: what could not be read, and what is odd about what was." } }
        @if !kinds.is_empty() {
            nav.kinds aria-label="Kinds of problems" {
                a href="/problems" aria-current=[search.kind.is_none().then_some("true")] { "all" }
                @for (kind, count) in &kinds {
                    " " a href=(request.again(&[("kind", kind), ("skip", "")])) aria-current=[(search.kind.as_ref() == Some(kind)).then_some("true")] { (kind) " " span.count { (count) } }
                }
            }
        }
        @if problems.is_empty() { p.empty { "None." } } @else {
            table.list {
                thead { tr { th scope="col" { "Report or item" } th scope="col" { "Kind" } th scope="col" { "What" } th.num scope="col" { "Run" } } }
                tbody { @for one in &problems {
                    tr {
                        td data-name="Item" { @if one.kept { a href=(layout::report(&one.item)) { (one.item) } } @else { (one.item) } }
                        td.inline data-name="Kind" { span.tag { (one.kind) } }
                        td data-name="What" { (one.note) }
                        td.num data-name="Run" { (one.run) }
                    }
                } }
            }
        }
        (layout::turn(request, skip, STEP, more))
    };
    Ok(Response::html(200, Page { title: "Problems", tab: Tab::Problems, words: "", also: Vec::new(), body }.set()))
}
