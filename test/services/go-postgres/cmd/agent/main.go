// Command agent reports the machine it runs on to the server at SERVER_URL. It has no port.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"example.com/chatbot/internal/logging"
)

const reportTimeout = 5 * time.Second

type settings struct {
	serverURL, id, hostname string
	interval                time.Duration
}

func main() {
	s, err := load()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	log := logging.New("agent", os.Getenv("LOG_LEVEL"))
	log.Info("agent started", "id", s.id, "server", s.serverURL)
	for {
		if err := s.report(ctx); err != nil {
			log.Warn("heartbeat failed", "error", err.Error()) // the server may be restarting; the next one counts
		} else {
			log.Info("heartbeat sent", "id", s.id)
		}
		select {
		case <-time.After(s.interval):
		case <-ctx.Done():
			log.Info("shutdown complete")
			return
		}
	}
}

func load() (settings, error) {
	hostname, err := os.Hostname()
	if err != nil {
		return settings{}, err
	}
	interval, err := time.ParseDuration(envOr("HEARTBEAT_INTERVAL", "30s"))
	if err != nil {
		return settings{}, fmt.Errorf("HEARTBEAT_INTERVAL: %w", err)
	}
	return settings{
		serverURL: strings.TrimSuffix(envOr("SERVER_URL", "http://localhost:8080"), "/"),
		id:        envOr("AGENT_ID", hostname),
		hostname:  hostname,
		interval:  interval,
	}, nil
}

func (s settings) report(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reportTimeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{
		"id":       s.id,
		"hostname": s.hostname,
		"details":  map[string]any{"os": runtime.GOOS, "arch": runtime.GOARCH, "cpus": runtime.NumCPU()},
	})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.serverURL+"/api/agents/heartbeat", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answered %s", response.Status)
	}
	return nil
}

func envOr(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
