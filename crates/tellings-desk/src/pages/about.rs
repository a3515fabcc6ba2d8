//! How to read the desk.

use crate::Response;
use crate::layout;
use maud::html;

pub(crate) fn page() -> Response {
    let body = html! {
        div.prose {
            p { "The desk shows a store: news reports that Tellings has read, put into stories, and reconciled into one record of each. "
                "It abstains rather than guesses: what is not known is shown as not known." }
            h2 { "What the words mean" }
            dl {
                dt { "Story" } dd { "The reports about one developing matter, or the parts of reports about it." }
                dt { "Origin" } dd { "Reports that copy, excerpt or rewrite one another have one origin and are counted once. "
                    "“8 reports, 3 origins” is three independent tellings, not eight." }
                dt { "Agreed, single, disputed" } dd { "Two or more independent origins say the same; one origin says it; "
                    "independent origins say different things." }
                dt { "A small number in a box" } dd { "A citation: it opens the report at the marked words." }
                dt { "v-…, c-…, q-…" } dd { "The id of an event, a claim, a quotation: " code { "tellings explain" } " tells why it is what it is." }
                dt { "Undated" } dd { "Nothing in the report, its page or its sibling reports settles when it was published." }
            }
            h2 { "Signs" }
            p { (layout::kind(Some("CONSULT"))) " talks, agreements, help; " (layout::kind(Some("ACCUSE"))) " accusations, demands, refusals; "
                (layout::kind(Some("ASSAULT"))) " force and pressure." }
            p { (layout::agreement("agreed", 2)) " · " (layout::agreement("single", 1)) " · " (layout::agreement("disputed", 2)) }
            h2 { "Keys" }
            p { "On the review page, with script: " kbd { "a" } " accept, " kbd { "r" } " reject, " kbd { "s" } " skip, " kbd { "u" } " undo. On every page "
                kbd { "/" } " goes to the search field." }
            h2 { "What leaves this machine" }
            p { "Nothing. Styles, script and maps are part of the program; no page loads anything from elsewhere, and a browser is told to "
                "refuse if one tried." }
            p { "Borders on maps are those that Natural Earth draws, as they are held de facto; they are no statement of whose they should be." }
        }
    };
    Response::html(200, layout::plain("How to read the desk", body))
}
