// Command worker takes items from a queue, one at a time, until a signal drains it. It has no port.
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
		log.Error("worker failed", "error", err.Error())
		os.Exit(1)
	}
}

func run(cfg config.Config, log *slog.Logger) error {
	if cfg.FailStart {
		return errors.New("FAIL_START is set")
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
	work := openQueue(cfg.QueueDir)
	log.Info("worker started", "queue", cfg.QueueDir)

	processed := 0
	for {
		next, err := work.take()
		if err != nil {
			return err
		}
		if next == nil {
			select {
			case sig := <-signals:
				drained(log, sig, processed)
				return nil
			case <-time.After(cfg.PollInterval):
				continue
			}
		}
		sig, finished := process(cfg, log, signals, next)
		if finished {
			processed++
		}
		if sig != nil {
			drained(log, sig, processed)
			return nil
		}
	}
}

// process works on one item to its end. A signal sets it a deadline; past that the item goes back into the queue.
func process(cfg config.Config, log *slog.Logger, signals <-chan os.Signal, current *item) (sig os.Signal, finished bool) {
	work := time.After(cfg.ItemDuration)
	deadline := context.Background()
	for {
		select {
		case <-work:
			current.done()
			log.Info("item processed", "item", current.name)
			return sig, true
		case sig = <-signals:
			log.Info("received shutdown signal", "signal", sig.String(), "item", current.name)
			signals = nil
			limited, cancel := context.WithTimeout(deadline, cfg.ShutdownTimeout)
			defer cancel()
			deadline = limited
		case <-deadline.Done():
			current.giveBack()
			log.Warn("item returned to the queue", "item", current.name)
			return sig, false
		}
	}
}

func drained(log *slog.Logger, sig os.Signal, processed int) {
	log.Info("shutdown complete", "signal", sig.String(), "processed", processed)
}
