//! Names of what made a value.

use std::borrow::Cow;

/// Name of the rule or model that made a value, as `stage.name` (`event.meet.nsubj`, `names.model`): what `tellings explain` shows.
pub type Rule = Cow<'static, str>;
