-- The mail, as the reference names it (contract/messaging.md 7), with times as
-- INTEGER microseconds since 1970 UTC and booleans as 0/1. Ids that leave the
-- process are AUTOINCREMENT: a number is never given twice (decision 3.44).

CREATE TABLE store (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  store_id    TEXT NOT NULL,          -- 32 hex digits, made once
  created_ts  INTEGER NOT NULL
);

CREATE TABLE projects (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  slug        TEXT NOT NULL,
  human_key   TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  archived_at INTEGER,
  deleted_at  INTEGER                 -- hard delete keeps the row for the `from` of mail elsewhere (decision 3.46)
);
CREATE UNIQUE INDEX projects_slug ON projects (slug) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX projects_human_key ON projects (human_key) WHERE deleted_at IS NULL;
CREATE INDEX projects_human_key_nocase ON projects (human_key COLLATE NOCASE) WHERE deleted_at IS NULL;

CREATE TABLE agents (
  id                 INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id         INTEGER NOT NULL REFERENCES projects (id),
  name               TEXT NOT NULL COLLATE NOCASE,
  name_key           TEXT NOT NULL,   -- lower-cased letters and digits only: the sanitised form (decision 3.39)
  program            TEXT NOT NULL,
  model              TEXT NOT NULL,
  task_description   TEXT NOT NULL DEFAULT '',
  inception_ts       INTEGER NOT NULL,
  last_active_ts     INTEGER NOT NULL,
  attachments_policy TEXT NOT NULL DEFAULT 'auto',
  contact_policy     TEXT NOT NULL DEFAULT 'auto',
  registration_token TEXT,
  retired_at         INTEGER,
  retired_auto       INTEGER NOT NULL DEFAULT 0,   -- by the keeper, for being idle: its next call ends it
  deleted_at         INTEGER,         -- hard delete keeps the row for `from` (decision 3.46)
  reaper_exempt      INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX agents_project_name ON agents (project_id, name) WHERE deleted_at IS NULL;
CREATE INDEX agents_project_key ON agents (project_id, name_key);

CREATE TABLE messages (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id   INTEGER NOT NULL REFERENCES projects (id),
  sender_id    INTEGER NOT NULL REFERENCES agents (id),
  thread_id    TEXT,
  topic        TEXT COLLATE NOCASE,
  importance   TEXT NOT NULL DEFAULT 'normal',
  ack_required INTEGER NOT NULL DEFAULT 0,
  created_ts   INTEGER NOT NULL,      -- rises with id
  reply_to     INTEGER,               -- message answered, same project
  commit_id    TEXT,                  -- archive commit, noted by the archiver (decision 3.54)
  subject      TEXT NOT NULL,
  attachments  TEXT NOT NULL DEFAULT '[]',
  body_md      TEXT NOT NULL          -- last: lists do not read it
);
CREATE INDEX messages_project ON messages (project_id, id);
CREATE INDEX messages_thread  ON messages (project_id, thread_id, id) WHERE thread_id IS NOT NULL;
CREATE INDEX messages_topic   ON messages (project_id, topic, id) WHERE topic IS NOT NULL;
CREATE INDEX messages_sender  ON messages (sender_id, id);
-- For the keeper's walks over a few of many.
CREATE INDEX messages_ack         ON messages (id) WHERE ack_required;
CREATE INDEX messages_attachments ON messages (project_id, id) WHERE attachments <> '[]';

CREATE TABLE message_recipients (
  agent_id   INTEGER NOT NULL REFERENCES agents (id),
  message_id INTEGER NOT NULL REFERENCES messages (id),
  kind       TEXT NOT NULL DEFAULT 'to',   -- to, cc, bcc
  read_ts    INTEGER,
  ack_ts     INTEGER,
  urgent     INTEGER NOT NULL DEFAULT 0,   -- importance high or urgent, and ack_required, as the message
  wants_ack  INTEGER NOT NULL DEFAULT 0,   -- has them: here for the indexes below
  signal_ts  INTEGER,                 -- when its signal file was written (signal.h)
  PRIMARY KEY (agent_id, message_id)
) WITHOUT ROWID;
CREATE INDEX message_recipients_message ON message_recipients (message_id, kind);
-- What waits for somebody is found without walking what does not (store/stmt/message.def, INBOX_UNREAD ...).
CREATE INDEX message_recipients_unread ON message_recipients (agent_id, message_id) WHERE read_ts IS NULL;
CREATE INDEX message_recipients_urgent ON message_recipients (agent_id, message_id) WHERE urgent;
CREATE INDEX message_recipients_alarm  ON message_recipients (agent_id, message_id) WHERE urgent AND read_ts IS NULL;
CREATE INDEX message_recipients_owed   ON message_recipients (agent_id, message_id) WHERE wants_ack AND ack_ts IS NULL;
CREATE INDEX message_recipients_waits  ON message_recipients (message_id, kind) WHERE wants_ack AND ack_ts IS NULL;

-- Pictures of messages, as they lie in the archive (contract/messaging.md 9); each file of a project once.
CREATE TABLE pictures (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id     INTEGER NOT NULL REFERENCES projects (id),
  sha1           TEXT NOT NULL,       -- of the file that it was made of
  width          INTEGER NOT NULL,
  height         INTEGER NOT NULL,
  original_bytes INTEGER NOT NULL,
  original_ext   TEXT NOT NULL,       -- ".png"; '' when the name had none
  created_ts     INTEGER NOT NULL,
  webp           BLOB NOT NULL,
  original       BLOB,                -- NULL: not kept
  UNIQUE (project_id, sha1)
);
CREATE TABLE message_pictures (
  message_id INTEGER NOT NULL,
  picture_id INTEGER NOT NULL,
  PRIMARY KEY (message_id, picture_id)
) WITHOUT ROWID;
CREATE INDEX message_pictures_picture ON message_pictures (picture_id);

-- Files that came by REST (contract/rest-and-rust-peers.md A.3); they belong to no message and are not in the archive.
CREATE TABLE attachments (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES projects (id),
  agent_id   INTEGER,                 -- NULL: nobody was named
  filename   TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  created_ts INTEGER NOT NULL,
  content    BLOB NOT NULL
);
CREATE INDEX attachments_project ON attachments (project_id, id);
CREATE INDEX attachments_agent ON attachments (agent_id) WHERE agent_id IS NOT NULL;

CREATE TABLE agent_links (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  a_project_id INTEGER NOT NULL,
  a_agent_id   INTEGER NOT NULL,
  b_project_id INTEGER NOT NULL,
  b_agent_id   INTEGER NOT NULL,
  status       TEXT NOT NULL DEFAULT 'pending',   -- pending, approved, blocked
  reason       TEXT NOT NULL DEFAULT '',
  created_ts   INTEGER NOT NULL,
  updated_ts   INTEGER NOT NULL,
  expires_ts   INTEGER,
  notified_ts  INTEGER,               -- when the request's introduction was delivered
  UNIQUE (a_agent_id, b_agent_id)
);
CREATE INDEX agent_links_b ON agent_links (b_agent_id, status);

-- When two agents last wrote to each other, in either direction: what policy `auto` asks
-- (contract/messaging.md 12.2, recent contact). Accurate to a minute.
CREATE TABLE agent_traffic (
  agent_a INTEGER NOT NULL,           -- the smaller id of the two
  agent_b INTEGER NOT NULL,
  last_ts INTEGER NOT NULL,
  PRIMARY KEY (agent_a, agent_b)
) WITHOUT ROWID;

CREATE TABLE file_reservations (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id   INTEGER NOT NULL REFERENCES projects (id),
  agent_id     INTEGER NOT NULL REFERENCES agents (id),
  path_pattern TEXT NOT NULL,
  "exclusive"  INTEGER NOT NULL DEFAULT 1,
  reason       TEXT NOT NULL DEFAULT '',
  created_ts   INTEGER NOT NULL,
  expires_ts   INTEGER NOT NULL,
  released_ts  INTEGER,
  branch       TEXT,                  -- checked out when it was reserved, for the archive's record; NULL: not known
  worktree     TEXT
);
CREATE INDEX file_reservations_active ON file_reservations (project_id, expires_ts) WHERE released_ts IS NULL;
CREATE INDEX file_reservations_project ON file_reservations (project_id, id);
CREATE INDEX file_reservations_agent  ON file_reservations (agent_id) WHERE released_ts IS NULL;
-- Those that may stop mail (store/stmt/reservation.def, RESERVE_ON_ARCHIVE): every send asks.
CREATE INDEX file_reservations_archive ON file_reservations (project_id) WHERE released_ts IS NULL
  AND substr(ltrim(path_pattern, './\'), 1, 2) IN ('ag', 'me', 'at', 'th', 'fi');
CREATE INDEX file_reservations_expiry ON file_reservations (expires_ts) WHERE released_ts IS NULL;

-- What the helper saw of the files that a reservation names (path_activity.h); derived, deleted with the reservation.
CREATE TABLE path_signs (
  reservation_id INTEGER PRIMARY KEY REFERENCES file_reservations (id) ON DELETE CASCADE,
  checked_ts     INTEGER NOT NULL,
  matched        INTEGER NOT NULL,
  files_ts       INTEGER,
  git_ts         INTEGER
);

-- What the helper saw checked out in a project's directory (head.h); NULL: nothing, or nobody could tell.
CREATE TABLE project_heads (
  project_id INTEGER PRIMARY KEY REFERENCES projects (id),
  checked_ts INTEGER NOT NULL,
  branch     TEXT,
  worktree   TEXT
);

-- Build slots: leases on names such as "ci"; branch '' is none.
CREATE TABLE build_slots (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id  INTEGER NOT NULL REFERENCES projects (id),
  agent_id    INTEGER NOT NULL REFERENCES agents (id),
  slot        TEXT NOT NULL,
  branch      TEXT NOT NULL DEFAULT '',
  "exclusive" INTEGER NOT NULL DEFAULT 1,
  acquired_ts INTEGER NOT NULL,
  expires_ts  INTEGER NOT NULL,
  released_ts INTEGER,
  UNIQUE (project_id, slot, agent_id, branch)
);

-- The promise to the archive (archive_queue.h).
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       INTEGER NOT NULL,
  project_id INTEGER NOT NULL,
  ref_id     INTEGER NOT NULL,
  payload    TEXT,
  created_ts INTEGER NOT NULL
);
CREATE TABLE outbox_failed (
  id         INTEGER PRIMARY KEY,     -- id it had in outbox
  kind       INTEGER NOT NULL,
  project_id INTEGER NOT NULL,
  ref_id     INTEGER NOT NULL,
  payload    TEXT,
  created_ts INTEGER NOT NULL,
  failed_ts  INTEGER NOT NULL,
  reason     TEXT NOT NULL
);

-- Commits that somebody asked for (snapshot.h); only the newest are kept.
CREATE TABLE archive_snapshots (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL,
  message    TEXT NOT NULL,
  commit_id  TEXT,                    -- once the archiver has made it
  created_ts INTEGER NOT NULL
);

-- Mail that is gone on purpose (decision 3.46).
CREATE TABLE messages_removed (
  id         INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  removed_ts INTEGER NOT NULL,
  reason     TEXT NOT NULL            -- purge, hard_delete
);
CREATE INDEX messages_removed_project ON messages_removed (project_id, id);

-- Recipients of mail that stays, though their agent was deleted: who the archive's files name.
CREATE TABLE recipients_removed (
  message_id INTEGER NOT NULL,
  agent_id   INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  PRIMARY KEY (message_id, agent_id)
) WITHOUT ROWID;

-- Terminal windows that keep their agent's name (contract/messaging.md 11.10).
CREATE TABLE window_identities (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id     INTEGER NOT NULL REFERENCES projects (id),
  window_uuid    TEXT NOT NULL COLLATE NOCASE,
  display_name   TEXT NOT NULL,
  created_ts     INTEGER NOT NULL,
  last_active_ts INTEGER NOT NULL,
  expires_ts     INTEGER,             -- NULL: never
  UNIQUE (project_id, window_uuid)
);

-- What summarize_recent found, for itself and for fetch_summary. viewer_id 0: of the whole project.
CREATE TABLE message_summaries (
  id                   INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id           INTEGER NOT NULL REFERENCES projects (id),
  viewer_id            INTEGER NOT NULL,
  summary_text         TEXT NOT NULL,   -- a JSON document
  start_ts             INTEGER NOT NULL,
  end_ts               INTEGER NOT NULL,
  source_message_count INTEGER NOT NULL DEFAULT 0,
  source_thread_ids    TEXT NOT NULL DEFAULT '[]',
  last_message_id      INTEGER NOT NULL,
  llm_model            TEXT,
  cost_usd             REAL,
  created_ts           INTEGER NOT NULL
);
CREATE INDEX message_summaries_project ON message_summaries (project_id, created_ts);

-- Several projects under one name (contract/reservations-resources.md 7).
CREATE TABLE products (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  product_uid TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL UNIQUE,
  product_key TEXT UNIQUE,              -- as it was asked for first, where that became neither of the two
  created_at  INTEGER NOT NULL
);
CREATE TABLE product_project_links (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  product_id INTEGER NOT NULL REFERENCES products (id),
  project_id INTEGER NOT NULL REFERENCES projects (id),
  created_at INTEGER NOT NULL,
  UNIQUE (product_id, project_id)
);
CREATE INDEX product_project_links_project ON product_project_links (project_id);

-- Projects that seem to belong together (siblings.h); a is the older one.
CREATE TABLE project_sibling_suggestions (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  project_a_id INTEGER NOT NULL REFERENCES projects (id),
  project_b_id INTEGER NOT NULL REFERENCES projects (id),
  score        REAL NOT NULL DEFAULT 0,
  status       TEXT NOT NULL DEFAULT 'suggested',   -- suggested, confirmed, dismissed
  rationale    TEXT NOT NULL DEFAULT '',
  created_ts   INTEGER NOT NULL,
  evaluated_ts INTEGER NOT NULL,
  confirmed_ts INTEGER,
  dismissed_ts INTEGER,
  UNIQUE (project_a_id, project_b_id)
);
CREATE INDEX project_sibling_suggestions_b ON project_sibling_suggestions (project_b_id);

-- Lists of steps under a name (macros.h). steps NULL: a built-in one that the project does not want.
CREATE TABLE macros (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id  INTEGER NOT NULL REFERENCES projects (id),
  name        TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  steps       TEXT,                   -- JSON array
  step_count  INTEGER NOT NULL DEFAULT 0,
  created_ts  INTEGER NOT NULL,
  UNIQUE (project_id, name)
);
-- The numbers below belong to built-in ones.
INSERT INTO sqlite_sequence (name, seq) VALUES ('macros', 99);

-- Answers that may be asked for again (decision 3.58).
CREATE TABLE idempotency (
  project_id  INTEGER NOT NULL,
  tool        TEXT NOT NULL,
  key         TEXT NOT NULL,
  args_sha256 BLOB NOT NULL,
  answer      TEXT NOT NULL,
  created_ts  INTEGER NOT NULL,
  PRIMARY KEY (project_id, tool, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (created_ts);

-- Sessions of the legacy revisions: only what must outlive the signed id (decision 3.50).
CREATE TABLE mcp_sessions (
  session    BLOB PRIMARY KEY,
  log_level  TEXT,
  ended_ts   INTEGER,
  touched_ts INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE mcp_bindings (
  session    BLOB NOT NULL,
  project_id INTEGER NOT NULL,
  agent_id   INTEGER NOT NULL,
  current    INTEGER NOT NULL,        -- 1 for the agent used last in this project
  touched_ts INTEGER NOT NULL,
  PRIMARY KEY (session, project_id, agent_id)
) WITHOUT ROWID;
CREATE INDEX mcp_bindings_age ON mcp_bindings (touched_ts);

-- Full-text index, filled by the keeper; ids above indexed_through are scanned.
CREATE VIEW fts_source AS SELECT id, subject, body_md AS body FROM messages;
CREATE VIRTUAL TABLE fts_messages USING fts5 (
  subject, body, content='fts_source', content_rowid='id'
);
-- The keeper merges by itself, 16 pages at a time: FTS5's own merges keep writers waiting ten times longer.
INSERT INTO fts_messages (fts_messages, rank) VALUES ('automerge', 0);
INSERT INTO fts_messages (fts_messages, rank) VALUES ('crisismerge', 64);
INSERT INTO fts_messages (fts_messages, rank) VALUES ('usermerge', 8);
CREATE TABLE keeper_state (
  key   TEXT PRIMARY KEY,             -- indexed_through, ...
  value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO keeper_state VALUES ('indexed_through', 0);
