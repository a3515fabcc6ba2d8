//! Records of more reports than one machine holds, a step at a time. Each step is pure and needs only what is handed to it, so that it
//! can be done anywhere and again; together they give what [`crate::reconcile`] gives for all reports at once:
//!
//! 1. each report: [`read_report`](crate::read_report), its sketch, its pieces ([`Sketch::loose`](crate::story::Sketch::loose));
//! 2. pieces that share a key: [`blocks::links`](crate::story::blocks::links); what hangs together by links is a block;
//! 3. each block: [`blocks::group`](crate::story::blocks::group);
//! 4. each story with undated reports: [`datings`], and 2 and 3 again where a report's pieces are others with its date;
//! 5. each story: [`record`].

use crate::Models;
use crate::story::blocks::Grouped;
use crate::story::{self, Dating, Membership, Rarity, Record};
use std::collections::HashMap;
use tellings_doc::Doc;

fn membership(docs: &[Doc], story: &Grouped) -> Membership {
    let at: HashMap<&str, usize> = docs.iter().enumerate().map(|(at, doc)| (doc.id.as_str(), at)).collect();
    Membership {
        id: story.id.clone(),
        places: story.members.iter().filter_map(|(id, part)| Some((*at.get(id.as_str())?, *part))).collect(),
        merged: story.merged.clone(),
        parents: story.parents.clone(),
        ..Membership::default()
    }
}

/// What its siblings say of when the undated reports of a story were published. The documents are those of the story, and come back in
/// the order of their ids; a dating names its document by its place among them.
pub fn datings(rarity: &Rarity, docs: &mut [Doc], story: &Grouped) -> Vec<Dating> {
    docs.sort_by(|a, b| a.id.cmp(&b.id));
    story::infer_dates_of(rarity, docs, &[membership(docs, story)])
}

/// A document read again with the date that its siblings suggest.
pub fn date(models: &Models, docs: &mut [Doc], dating: Dating) {
    crate::date(models, docs, dating);
}

/// The record of one story. The documents are those of the story, dated as [`datings`] has it, and come back in the record's order.
pub fn record(rarity: &Rarity, docs: &mut [Doc], story: &Grouped) -> Record {
    docs.sort_by(|a, b| a.id.cmp(&b.id));
    story::record_of(rarity, docs, &[membership(docs, story)])
}
