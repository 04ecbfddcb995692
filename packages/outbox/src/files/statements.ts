/** `since`: ms since the epoch, when the row came into its state. */
export const schema = `
  CREATE TABLE IF NOT EXISTS orders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    click TEXT,
    click_until INTEGER,
    why TEXT,
    settlement TEXT,
    content TEXT NOT NULL,
    UNIQUE (id, fingerprint)
  );
  CREATE INDEX IF NOT EXISTS undelivered ON orders (seq) WHERE state = 'undelivered';
  CREATE INDEX IF NOT EXISTS conflicted ON orders (seq) WHERE state = 'conflicted';
  CREATE INDEX IF NOT EXISTS unsettled ON orders (seq) WHERE state = 'delivered' AND settlement IS NULL;
  CREATE INDEX IF NOT EXISTS delivered ON orders (since) WHERE state = 'delivered';
  CREATE INDEX IF NOT EXISTS clicks ON orders (click) WHERE click IS NOT NULL;
  CREATE TABLE IF NOT EXISTS receipts (seq INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

export const addPromised = `
  INSERT INTO orders (id, fingerprint, state, since, accepted_at, click, click_until, content)
  VALUES (?, ?, 'undelivered', ?, ?, ?, ?, ?)
  ON CONFLICT (id, fingerprint) DO UPDATE SET state = 'undelivered', why = NULL,
    content = iif(state = 'conflicted', excluded.content, content)`;
export const addCopy = `INSERT OR IGNORE INTO orders (id, fingerprint, state, since, accepted_at, content)
  VALUES (?, ?, 'delivered', ?, ?, ?)`;
export const keepRow = `UPDATE orders SET state = 'delivered', since = ?, click = NULL, click_until = NULL
  WHERE seq = ? AND state = 'undelivered'`;
export const forgetRow = `DELETE FROM orders WHERE seq = ? AND state = 'undelivered'`;
export const isOpen = `(settlement IS NULL OR settlement ->> 'state' <> 'fulfilled')`;
/** Each from an index of its own: a scan of a day's orders takes seconds. */
export const countRows = `SELECT
  (SELECT count(*) FROM orders WHERE state = 'undelivered') AS undelivered,
  (SELECT count(*) FROM orders WHERE state = 'delivered') AS delivered,
  (SELECT count(*) FROM orders WHERE state = 'conflicted') AS conflicted`;
export const sameId = `SELECT * FROM orders WHERE id = ? AND state IN (SELECT value FROM json_each(?))
  ORDER BY fingerprint = ? DESC LIMIT 1`;
export const byClick = `SELECT * FROM orders WHERE click = ? AND click_until > ? AND state = 'undelivered' ORDER BY seq LIMIT 1`;
