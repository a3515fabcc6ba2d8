-- The store, version 1. All tables are strict; days are ISO dates; spans are byte offsets into documents.text.

-- What made the rows: one line a run of the program.
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  program TEXT NOT NULL,
  models TEXT NOT NULL,
  ontology TEXT NOT NULL,
  gazetteer TEXT NOT NULL,
  started TEXT
) STRICT;

CREATE TABLE documents (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  title TEXT,
  outlet TEXT,
  url TEXT,
  path TEXT,
  published TEXT,
  day TEXT,
  basis TEXT,
  language TEXT,
  text TEXT NOT NULL,
  kind TEXT NOT NULL,
  raw BLOB NOT NULL,
  raw_length INTEGER NOT NULL,
  raw_hash INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_day ON documents (day);
CREATE INDEX documents_hash ON documents (raw_hash);

-- One reading a document: the contract's JSON, compressed.
CREATE TABLE readings (
  document INTEGER PRIMARY KEY REFERENCES documents (number) ON DELETE CASCADE,
  run INTEGER NOT NULL REFERENCES runs (number),
  body BLOB NOT NULL
) STRICT;

CREATE TABLE events (
  number INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  type TEXT,
  cameo TEXT,
  realis TEXT NOT NULL,
  date TEXT,
  day TEXT,
  place TEXT,
  country TEXT,
  rule TEXT NOT NULL
) STRICT;
CREATE INDEX events_document ON events (document);
CREATE INDEX events_day ON events (day);
CREATE INDEX events_type ON events (type, day);

CREATE TABLE participants (
  event INTEGER NOT NULL REFERENCES events (number) ON DELETE CASCADE,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT
) STRICT;
CREATE INDEX participants_event ON participants (event);
CREATE INDEX participants_name ON participants (name);
CREATE INDEX participants_country ON participants (country);

CREATE TABLE problems (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (number),
  item TEXT NOT NULL,
  kind TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE words USING fts5 (
  title, text, content = 'documents', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER documents_added AFTER INSERT ON documents BEGIN
  INSERT INTO words (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER documents_removed AFTER DELETE ON documents BEGIN
  INSERT INTO words (words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
END;
CREATE TRIGGER documents_changed AFTER UPDATE OF title, text ON documents BEGIN
  INSERT INTO words (words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
  INSERT INTO words (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
