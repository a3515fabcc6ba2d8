-- The store, version 5: the brief of each story beside its record, so that whoever shows it need not read the reports again.

-- The brief of a story, as JSON, compressed; made with its record.
CREATE TABLE briefs (
  story INTEGER PRIMARY KEY REFERENCES stories (number) ON DELETE CASCADE,
  body BLOB NOT NULL
) STRICT;

-- By what is wrong problems are looked up.
CREATE INDEX problems_kind ON problems (kind, number);
