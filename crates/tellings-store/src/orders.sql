-- The store, version 8: an index for every order in which events are listed, read from one end until there are enough; what most
-- filters ask for stands in it, too. And what else is looked up.

-- Days, types and countries are ASCII: what is not known stands last where '~' does, or '' where the last come first.
DROP INDEX record_events_day;
CREATE INDEX record_events_day ON record_events ((coalesce(day, '~')), story, position, type, realis, agreement, origins);
CREATE INDEX record_events_last ON record_events ((coalesce(day, '')), story, position, type, realis, agreement, origins);
CREATE INDEX record_events_type ON record_events ((coalesce(type, '~')), (coalesce(day, '~')), story, position, realis, agreement, origins);
CREATE INDEX record_events_place ON record_events ((coalesce(country, '~')), (coalesce(place, '~')), (coalesce(day, '~')), story,
  position, type, realis, agreement, origins);
CREATE INDEX record_events_origins ON record_events (origins, articles, (coalesce(day, '')), story, position, type, realis, agreement);
CREATE INDEX record_events_agreement ON record_events ((CASE agreement WHEN 'disputed' THEN 2 WHEN 'single' THEN 1 ELSE 0 END),
  origins, (coalesce(day, '')), story, position, type, realis, agreement);
CREATE INDEX record_events_named ON record_events ((lower(place)));
-- Those that last for more than a day, or may.
CREATE INDEX record_events_long ON record_events (last_day) WHERE last_day > day;
CREATE INDEX record_participants_name ON record_participants (name, country, event);
DROP INDEX record_participants_entity;
CREATE INDEX record_participants_entity ON record_participants (entity, event);
DROP INDEX record_entities_name;
CREATE INDEX record_entities_name ON record_entities (name, id, mentions) WHERE generic = 0;
-- Who looks at stories asks for the days of their reports, and not for their texts.
CREATE INDEX documents_outlet ON documents (outlet, day);
CREATE INDEX documents_days ON documents (number, day);
DROP INDEX members_story;
CREATE INDEX members_story ON members (story, part, document, relation);
CREATE INDEX stories_changed ON stories (moved, number);
CREATE INDEX record_participants_country ON record_participants (country, event);
