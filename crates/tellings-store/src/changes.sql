-- The store, version 6: what each run changed in the records of stories.

-- `event` is NULL where the story itself appeared or went. `before` and `after` are what its record tells of the event: type, realis, status,
-- date, place, agreement, origins, words, with a unit separator (1F) between them; of a story its title. NULL: it was not there, or is no more.
CREATE TABLE record_changes (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (number),
  story TEXT NOT NULL,
  event TEXT,
  before TEXT,
  after TEXT
) STRICT;
CREATE INDEX record_changes_run ON record_changes (run, number);
