-- Events of what has no log of its own (store/changes.h); topic and what are numbers of store/topic.def and store/change.def.
CREATE TABLE changes (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,   -- the event's number: given under the write lock, never again
  topic_kind INTEGER NOT NULL,
  topic_id   INTEGER NOT NULL,
  what       INTEGER NOT NULL,
  ref_id     INTEGER NOT NULL,
  created_ts INTEGER NOT NULL
);
CREATE INDEX changes_topic ON changes (topic_kind, topic_id, id);
-- The highest number that is not kept any more.
INSERT INTO keeper_state VALUES ('changes_dropped', 0);
