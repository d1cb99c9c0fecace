// Package agents keeps track of the machines that report to the server.
package agents

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Agent struct {
	ID        string          `json:"id"`
	Hostname  string          `json:"hostname"`
	Details   json.RawMessage `json:"details"`
	FirstSeen time.Time       `json:"first_seen"`
	LastSeen  time.Time       `json:"last_seen"`
	Status    string          `json:"status"` // online or offline
}

type Store struct {
	Pool           *pgxpool.Pool
	OfflineTimeout time.Duration
}

func (s *Store) Report(ctx context.Context, id, hostname string, details json.RawMessage) error {
	_, err := s.Pool.Exec(ctx, `
		INSERT INTO agents (id, hostname, details) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET hostname = $2, details = $3, last_seen = now()`,
		id, hostname, details)
	return err
}

func (s *Store) List(ctx context.Context) ([]Agent, error) {
	rows, err := s.Pool.Query(ctx, `
		SELECT id, hostname, details, first_seen, last_seen,
		       CASE WHEN last_seen > now() - $1::interval THEN 'online' ELSE 'offline' END AS status
		FROM agents ORDER BY id`, s.OfflineTimeout)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Agent])
}
