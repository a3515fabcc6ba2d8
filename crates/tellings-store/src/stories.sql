-- Version 3: every reading that was made, stories, records, corrections.

-- What a run did (`add`, `reread` …), with which rules and dictionaries of the user's and which corrections.
ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'add';
ALTER TABLE runs ADD COLUMN rules TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN corrections TEXT NOT NULL DEFAULT '';

-- What was given beside the bytes, as JSON; NULL: a report of layout 1.
ALTER TABLE documents ADD COLUMN given TEXT;

-- The readings of a document, the one of the latest run is in force. `body` is NULL where it is the same as that of run `same`.
CREATE TABLE readings_2 (
  document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
  run INTEGER NOT NULL REFERENCES runs (number),
  same INTEGER REFERENCES runs (number),
  body BLOB,
  PRIMARY KEY (document, run)
) STRICT;
INSERT INTO readings_2 (document, run, body) SELECT document, run, body FROM readings;
DROP TABLE readings;
ALTER TABLE readings_2 RENAME TO readings;
CREATE INDEX readings_run ON readings (run);

-- What stories are made from, a document a line; `body` is NULL where it must be made from the document first.
CREATE TABLE sketches (
  document INTEGER PRIMARY KEY REFERENCES documents (number) ON DELETE CASCADE,
  placed INTEGER NOT NULL DEFAULT 0,
  body BLOB
) STRICT;
CREATE INDEX sketches_waiting ON sketches (document) WHERE placed = 0;
INSERT INTO sketches (document) SELECT number FROM documents;

-- Stories. One that became part of another leads there (`successor`) and has no members. `version` counts its
-- changes, `recorded` is the version that its record was made of.
CREATE TABLE stories (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  successor INTEGER REFERENCES stories (number),
  title TEXT NOT NULL,
  first TEXT,
  last TEXT,
  documents INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  origins INTEGER NOT NULL,
  version INTEGER NOT NULL,
  recorded INTEGER NOT NULL,
  moved INTEGER NOT NULL REFERENCES runs (number)
) STRICT;
CREATE INDEX stories_moved ON stories (moved, last, number);
CREATE INDEX stories_last ON stories (last);
CREATE INDEX stories_successor ON stories (successor) WHERE successor IS NOT NULL;
CREATE INDEX stories_stale ON stories (number) WHERE recorded != version;

-- What a story is about, as the program that made it needs it.
CREATE TABLE gists (
  story INTEGER PRIMARY KEY REFERENCES stories (number) ON DELETE CASCADE,
  body BLOB NOT NULL
) STRICT;

-- By which terms a story is found; days since 1970.
CREATE TABLE story_terms (
  term INTEGER NOT NULL,
  last INTEGER NOT NULL,
  story INTEGER NOT NULL REFERENCES stories (number) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  PRIMARY KEY (term, last, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_terms_story ON story_terms (story);

-- The documents of a story, or parts of them, and from which of them they descend.
CREATE TABLE members (
  document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  story INTEGER NOT NULL REFERENCES stories (number),
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  relation TEXT NOT NULL,
  origin INTEGER NOT NULL,
  parent INTEGER,
  shared INTEGER NOT NULL,
  sentences INTEGER NOT NULL,
  PRIMARY KEY (document, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_story ON members (story);

-- The record of a story: the contract's JSON, compressed; made by a run, of a version of the story.
CREATE TABLE records (
  story INTEGER PRIMARY KEY REFERENCES stories (number) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (number),
  body BLOB NOT NULL
) STRICT;

-- What records tell, for filters; `body` is the event as the contract's JSON.
CREATE TABLE record_events (
  number INTEGER PRIMARY KEY,
  story INTEGER NOT NULL REFERENCES stories (number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  type TEXT,
  realis TEXT NOT NULL,
  status TEXT NOT NULL,
  date TEXT,
  day TEXT,
  last_day TEXT,
  place TEXT,
  country TEXT,
  agreement TEXT NOT NULL,
  origins INTEGER NOT NULL,
  articles INTEGER NOT NULL,
  words TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX record_events_story ON record_events (story, position);
CREATE INDEX record_events_id ON record_events (id);
CREATE INDEX record_events_day ON record_events (day, story, position);

CREATE TABLE record_participants (
  event INTEGER NOT NULL REFERENCES record_events (number) ON DELETE CASCADE,
  role TEXT NOT NULL,
  entity TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT
) STRICT;
CREATE INDEX record_participants_event ON record_participants (event);
CREATE INDEX record_participants_entity ON record_participants (entity);

CREATE TABLE record_entities (
  story INTEGER NOT NULL REFERENCES stories (number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  country TEXT,
  role TEXT,
  mentions INTEGER NOT NULL,
  generic INTEGER NOT NULL
) STRICT;
CREATE INDEX record_entities_story ON record_entities (story);
CREATE INDEX record_entities_id ON record_entities (id);
CREATE INDEX record_entities_name ON record_entities (name COLLATE NOCASE);

-- What people set right, in the order in which they did; `rule` is JSON bound to words, not to rows of this file.
CREATE TABLE corrections (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  made TEXT NOT NULL,
  author TEXT NOT NULL,
  note TEXT,
  undone TEXT,
  undone_by TEXT
) STRICT;
