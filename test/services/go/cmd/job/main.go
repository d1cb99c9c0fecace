// Command job asks the model one question and exits: 0 when it was answered, 1 when not. It has no port.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/chatbot/internal/config"
	"example.com/chatbot/internal/llm"
	"example.com/chatbot/internal/logging"
)

func main() {
	cfg, err := config.Load()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	log := logging.New(cfg.Service, cfg.LogLevel)
	if err := run(cfg, log); err != nil {
		log.Error("job failed", "error", err.Error())
		os.Exit(1)
	}
}

func run(cfg config.Config, log *slog.Logger) error {
	if cfg.FailStart {
		return errors.New("FAIL_START is set")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	log.Info("job started", "message", cfg.JobMessage)

	select {
	case <-time.After(cfg.ItemDuration):
	case <-ctx.Done():
		return errors.New("interrupted") // the work is undone: the platform may run the job again
	}
	ctx, cancel := context.WithTimeout(ctx, cfg.LLMTimeout)
	defer cancel()
	reply, err := llm.New(cfg).Complete(ctx, llm.Prompt{Message: cfg.JobMessage})
	if err != nil {
		return err
	}
	log.Info("job complete", "reply", reply.Text, "model", reply.Model)
	return nil
}
