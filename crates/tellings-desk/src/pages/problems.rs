//! What was wrong with reports, and what could not be read.

use crate::layout::{self, Page, Tab};
use crate::{Answer, Desk, Request, Response};
use maud::{Markup, html};
use tellings::store::{ProblemRow, ProblemSearch};

/// Problems on a page.
const STEP: usize = 100;

pub(crate) fn page(desk: &Desk, request: &Request) -> Answer {
    let before = request.value("after").and_then(|number| number.parse().ok());
    let search = ProblemSearch { kind: request.text("kind"), item: request.text("item"), before, limit: STEP + 1, skip: 0 };
    let (kinds, problems) = desk.shelf.read(|store| Ok((store.problem_kinds()?, store.problems(&search)?)))?;
    let (rows, shown, _) = layout::fitting(&problems[..problems.len().min(STEP)], layout::ROOM, |_, one| row(one));
    let last = problems.get(shown.wrapping_sub(1)).filter(|_| problems.len() > shown).map(|p| [p.number.to_string()]);
    let body = html! {
        div.head { h1 { "Problems" } p.note { "Nothing is left out silently: what could not be read, and what is odd about what was." } }
        @if !kinds.is_empty() {
            nav.kinds aria-label="Kinds of problems" {
                a href="/problems" aria-current=[search.kind.is_none().then_some("true")] { "all" }
                @for (kind, count) in &kinds {
                    " " a href=(request.again(&[("kind", kind), ("after", "")])) aria-current=[(search.kind.as_ref() == Some(kind)).then_some("true")] { (kind) " " span.count { (count) } }
                }
            }
        }
        @if problems.is_empty() { p.empty { "None." } } @else {
            table.list {
                thead { tr { th scope="col" { "Report or item" } th scope="col" { "Kind" } th scope="col" { "What" } th.num scope="col" { "Run" } } }
                tbody { (rows) }
            }
        }
        (layout::onward(request, last.as_ref().map(|l| &l[..])))
    };
    Ok(Response::html(200, Page { title: "Problems", tab: Tab::Problems, words: "", also: Vec::new(), body }.set()))
}

fn row(one: &ProblemRow) -> Markup {
    html! {
        tr {
            td data-name="Item" { @if one.kept { a href=(layout::report(&one.item)) { (one.item) } } @else { (layout::short(&one.item, 300)) } }
            td.inline data-name="Kind" { span.tag { (one.kind) } }
            td data-name="What" { (layout::short(&one.note, 600)) }
            td.num data-name="Run" { (one.run) }
        }
    }
}
