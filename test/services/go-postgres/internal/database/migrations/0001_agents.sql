CREATE TABLE agents (
    id         text PRIMARY KEY,
    hostname   text NOT NULL,
    details    jsonb NOT NULL DEFAULT '{}',
    first_seen timestamptz NOT NULL DEFAULT now(),
    last_seen  timestamptz NOT NULL DEFAULT now()
);
