-- The store, version 7: who may use the desk beyond its own machine, and what they did there.

-- `role` is reader, reviewer or admin; `hash` is a password's as PHC strings have it (Argon2id).
CREATE TABLE users (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  hash TEXT NOT NULL,
  made TEXT NOT NULL
) STRICT;

-- What programs show instead of a password; `hash` is SHA-256 of it, in hexadecimal figures.
CREATE TABLE tokens (
  hash TEXT PRIMARY KEY,
  name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  note TEXT NOT NULL,
  made TEXT NOT NULL
) STRICT;

-- Logins, refusals and changes, in order.
CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  made TEXT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;

-- What became of one story, and the stories that are no more.
CREATE INDEX record_changes_story ON record_changes (story, run);
CREATE INDEX record_changes_gone ON record_changes (run, number) WHERE event IS NULL AND after IS NULL;
