-- How much mail each project has among 1024 ids in a row, as far as tallied_through (tally.h): so nobody counts a million rows.
CREATE TABLE message_tallies (
  project_id INTEGER NOT NULL,
  block      INTEGER NOT NULL,        -- id / 1024
  messages   INTEGER NOT NULL,
  PRIMARY KEY (project_id, block)
) WITHOUT ROWID;
INSERT INTO keeper_state SELECT 'tallied_through', value FROM keeper_state WHERE key = 'indexed_through';
INSERT INTO message_tallies SELECT project_id, id / 1024, count(*) FROM messages
  WHERE id <= (SELECT value FROM keeper_state WHERE key = 'tallied_through') GROUP BY 1, 2;
CREATE TRIGGER messages_leave AFTER DELETE ON messages
  WHEN old.id <= (SELECT value FROM keeper_state WHERE key = 'tallied_through')
BEGIN
  UPDATE message_tallies SET messages = messages - 1 WHERE project_id = old.project_id AND block = old.id / 1024;
END;
