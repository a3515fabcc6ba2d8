-- Version 4: a correction knows the run that made it and the run that undid it.

ALTER TABLE corrections ADD COLUMN made_run INTEGER REFERENCES runs (number);
ALTER TABLE corrections ADD COLUMN undone_run INTEGER REFERENCES runs (number);
-- Until now only times were noted: a correction has that of its run, unless it was imported from elsewhere.
UPDATE corrections SET
  made_run = coalesce(
    (SELECT min(number) FROM runs WHERE kind = 'correct' AND started = made),
    (SELECT min(number) FROM runs WHERE kind = 'correct' AND started > made),
    (SELECT max(number) FROM runs WHERE kind = 'correct')
  ),
  undone_run = CASE WHEN undone IS NOT NULL THEN coalesce(
    (SELECT max(number) FROM runs WHERE kind = 'correct' AND started = undone),
    (SELECT min(number) FROM runs WHERE kind = 'correct' AND started > undone),
    (SELECT max(number) FROM runs WHERE kind = 'correct')
  ) END;
