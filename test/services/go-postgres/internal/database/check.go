package database

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Check is the readiness test: the database answers, and has the schema that this release needs.
// A newer schema is fine, so that a release can be rolled back without its migrations.
func Check(pool *pgxpool.Pool) func(context.Context) error {
	return func(ctx context.Context) error {
		names, err := missing(ctx, pool)
		if err != nil {
			return err
		}
		if len(names) > 0 {
			return fmt.Errorf("migrations not applied: %s", strings.Join(names, ", "))
		}
		return nil
	}
}
