// Package database owns the schema and knows whether the database has it.
package database

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var files embed.FS

// Any number will do as long as it stays the same: replicas that start together migrate one after the other.
const lockID = 7_243_015

// Migrate applies what is missing, each migration in a transaction of its own.
func Migrate(ctx context.Context, url string, log *slog.Logger) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) // gives back the lock as well
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lockID); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS schema_migrations (
		name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`)
	if err != nil {
		return err
	}
	names, err := missing(ctx, conn)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := apply(ctx, conn, name); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
		log.Info("migration applied", "name", name)
	}
	log.Info("schema is up to date", "applied", len(names))
	return nil
}

func apply(ctx context.Context, conn *pgx.Conn, name string) error {
	statements, err := files.ReadFile("migrations/" + name + ".sql")
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, string(statements)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO schema_migrations (name) VALUES ($1)", name)
		return err
	})
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// missing lists the migrations of this release that the database does not have, in order.
func missing(ctx context.Context, db querier) ([]string, error) {
	rows, err := db.Query(ctx, "SELECT name FROM schema_migrations")
	if err != nil {
		return nil, err
	}
	applied, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, name := range applied {
		known[name] = true
	}
	paths, err := fs.Glob(files, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range paths {
		if name := strings.TrimSuffix(path.Base(file), ".sql"); !known[name] {
			names = append(names, name)
		}
	}
	return names, nil
}
