//! All stories: those that moved last first, with how many independent origins they have and when reports came.

use crate::layout::{self, Page, Tab, plural};
use crate::{Answer, Desk, Request, Response, spark};
use maud::{Markup, html};
use tellings::store::{Glance, StoryRow, StorySearch};

/// Stories on a page.
const STEP: usize = 30;

pub(crate) fn page(desk: &Desk, request: &Request) -> Answer {
    let skip = request.number("skip", 0, 1_000_000, 0);
    let search = asked(request, skip);
    let (mut stories, glances, behind) = desk.shelf.read(|store| {
        let stories = store.stories(&search)?;
        let glances = stories.iter().take(STEP).map(|s| store.glance(s.number)).collect::<Result<Vec<_>, _>>()?;
        Ok((stories, glances, store.behind()?))
    })?;
    let more = stories.len() > STEP;
    stories.truncate(STEP);
    // What words find is sorted by how much there is of it.
    let by_words = request.value("q").is_some();
    let last = stories.last().filter(|_| more && !by_words).map(|s| {
        let (moved, last, number) = s.place_in();
        [moved.to_string(), last, number.to_string()]
    });
    let filtered = ["q", "since", "until", "origins", "reports", "actor"].iter().any(|name| request.value(name).is_some());
    let body = html! {
        div.head {
            h1 { "Stories" }
            p.note {
                @if filtered { "Those that fit, " } @else { "What moved last comes first, " }
                "each with its independent origins: reports that copy one another are counted once."
            }
        }
        (filters(request))
        @if behind.0 + behind.1 > 0 {
            p.notice { "Being read now: " (plural(behind.0, "report")) " in no story yet, " (behind.1) " stories whose record is behind." }
        }
        @if stories.is_empty() {
            p.empty { "No stories" @if filtered { " that fit. " a href="/" { "All stories" } } @else { " yet: " code { "tellings add" } " puts reports into the store." } }
        } @else {
            (table(&stories, &glances))
        }
        @if by_words { (layout::turn(request, skip, STEP, more)) } @else { (layout::onward(request, last.as_ref().map(|l| &l[..]))) }
    };
    let feed = |kind: &str| format!("/api/v1/{kind}");
    let also = vec![
        ("application/atom+xml", "Stories".to_string(), feed("stories.atom")),
        ("application/feed+json", "Stories".to_string(), feed("stories.feed.json")),
    ];
    Ok(Response::html(200, Page { title: "Stories", tab: Tab::Stories, words: "", also, body }.set()))
}

/// What a query asks for; one more than a page, to see whether there is another.
pub(crate) fn asked(request: &Request, skip: usize) -> StorySearch {
    StorySearch {
        latest: 0,
        words: request.text("q").unwrap_or_default(),
        days: (request.text("since"), request.text("until")),
        min_origins: request.number("origins", 0, 1000, 0) as u64,
        min_documents: request.number("reports", 0, 100_000, 0) as u64,
        entity: request.text("actor"),
        after: layout::after(request).and_then(|place| {
            let [moved, last, number] = <[String; 3]>::try_from(place).ok()?;
            Some((moved.parse().ok()?, last, number.parse().ok()?))
        }),
        moved_since: request.text("moved"),
        limit: STEP + 1,
        skip,
    }
}

fn filters(request: &Request) -> Markup {
    let value = |name: &str| request.value(name).unwrap_or_default().to_string();
    html! {
        form.filters action="/" aria-label="Filter stories" {
            label { "Words" input type="search" name="q" value=(value("q")); }
            (layout::folded(request, &["since", "until", "origins", "reports"], html! {
            label { "From" input type="date" name="since" value=(value("since")); }
            label { "To" input type="date" name="until" value=(value("until")); }
            label { "Origins, at least" input.few type="number" min="0" name="origins" value=(value("origins")); }
            label { "Reports, at least" input.few type="number" min="0" name="reports" value=(value("reports")); }
            }))
            @if let Some(actor) = request.value("actor") { input type="hidden" name="actor" value=(actor); }
            button { "Filter" }
        }
    }
}

/// Stories as rows.
pub(crate) fn table(stories: &[StoryRow], glances: &[Glance]) -> Markup {
    html! {
        table.list.stories {
            thead { tr {
                th scope="col" { "Story, and its newest report" } th.num scope="col" { "Origins" } th.num scope="col" { "Reports" }
                th scope="col" { "Reports a day" } th scope="col" { "Days" }
            } }
            tbody {
                @for (story, glance) in stories.iter().zip(glances) {
                    tr {
                        td {
                            a.title href=(layout::story(&story.id)) { (title(story)) }
                            @if let Some(newest) = &glance.newest {
                                p.sub {
                                    @if let Some(outlet) = &newest.outlet { (outlet) ": " }
                                    a href=(layout::report(&newest.id)) { (newest.title.as_deref().unwrap_or(&newest.id)) }
                                }
                            }
                        }
                        td.num data-name="Origins" { strong { (story.origins) } }
                        td.num data-name="Reports" { @if story.documents > 0 { (story.documents) @if story.parts > 0 { " " } } @if story.parts > 0 { span.sub title="reports of which a part is about it" { "part of " (story.parts) } } }
                        td data-name="Reports a day" { @if !glance.days.is_empty() || story.first.is_none() { (spark::bars(&glance.days)) } }
                        td.days data-name="Days" { (layout::days(story.first.as_deref(), story.last.as_deref()))
                            @if !story.fresh { " " span.tag title="Its record does not tell all yet" { "moving" } } }
                    }
                }
            }
        }
    }
}

pub(crate) fn title(story: &StoryRow) -> &str {
    if story.title.trim().is_empty() { &story.id } else { &story.title }
}
