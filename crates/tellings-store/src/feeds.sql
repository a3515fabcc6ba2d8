-- Version 2: feeds that are watched, what they announced and was not fetched yet, and the names under which reports are known.

-- Times are seconds since 1970.
CREATE TABLE feeds (
  address TEXT PRIMARY KEY,
  -- Where it has moved for good.
  moved TEXT,
  title TEXT,
  -- Of the last whole answer, sent back so that an unchanged feed is not sent again.
  etag TEXT,
  modified TEXT,
  period INTEGER NOT NULL,
  due INTEGER NOT NULL,
  tried INTEGER,
  succeeded INTEGER,
  changed INTEGER,
  failures INTEGER NOT NULL,
  error TEXT,
  items INTEGER NOT NULL,
  gone INTEGER NOT NULL
) STRICT;

-- Items that a feed announced and that are not in the store yet.
CREATE TABLE waiting (
  number INTEGER PRIMARY KEY,
  feed TEXT NOT NULL REFERENCES feeds (address) ON DELETE CASCADE,
  body BLOB NOT NULL,
  tries INTEGER NOT NULL,
  due INTEGER NOT NULL,
  error TEXT
) STRICT;
CREATE INDEX waiting_feed ON waiting (feed, due);

-- Names under which a report is known: its address, its id in a feed. One without a report was announced, and waits or was given up.
CREATE TABLE keys (
  key TEXT PRIMARY KEY,
  document INTEGER REFERENCES documents (number) ON DELETE CASCADE,
  waiting INTEGER REFERENCES waiting (number) ON DELETE SET NULL
) STRICT;
CREATE INDEX keys_document ON keys (document);
CREATE INDEX keys_waiting ON keys (waiting);
