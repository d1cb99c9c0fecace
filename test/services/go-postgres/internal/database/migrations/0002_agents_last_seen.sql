CREATE INDEX agents_last_seen ON agents (last_seen);
