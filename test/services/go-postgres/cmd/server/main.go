// Command server keeps the list of agents and the chatbot beside it, on PostgreSQL.
// `server migrate` brings the schema up to date; `server health` asks a running server whether it lives.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/chatbot/internal/config"
	"example.com/chatbot/internal/database"
	"example.com/chatbot/internal/health"
	"example.com/chatbot/internal/lifecycle"
	"example.com/chatbot/internal/logging"
)

// Set by -ldflags "-X main.version=…".
var (
	version   = "dev"
	commit    = "unknown"
	buildTime = "unknown"
)

func main() {
	cfg, err := config.Load()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	log := logging.New(cfg.Service, cfg.LogLevel)
	if err := command(cfg, log, os.Args[1:]); err != nil {
		log.Error("server failed", "error", err.Error())
		os.Exit(1)
	}
}

func command(cfg config.Config, log *slog.Logger, args []string) error {
	switch {
	case len(args) == 0:
		return run(cfg, log)
	case args[0] == "health":
		return health.AskSelf(cfg)
	case args[0] == "migrate":
		return database.Migrate(context.Background(), cfg.DatabaseOwnerURL, log)
	default:
		return fmt.Errorf("unknown command %q: migrate, health, or none to serve", args[0])
	}
}

func run(cfg config.Config, log *slog.Logger) error {
	if cfg.FailStart {
		return errors.New("FAIL_START is set")
	}
	log.Info("starting", "version", version, "commit", commit)
	ctx := context.Background()
	if cfg.MigrateOnStart {
		if err := database.Migrate(ctx, cfg.DatabaseOwnerURL, log); err != nil {
			return err
		}
	}
	pool, err := pgxpool.New(ctx, cfg.DatabaseURL) // connects on first use: without a database the server is unready, not dead
	if err != nil {
		return err
	}
	defer pool.Close()

	state := lifecycle.NewState()
	public, metricsServer := servers(cfg, state, pool, log)
	return lifecycle.Serve(cfg, state, log, public, metricsServer)
}
