// Package web is what both programs serve by HTTP: probes, their version, and an orderly end.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

const checkTimeout = 3 * time.Second

type Version struct {
	Version   string `json:"version"`
	Commit    string `json:"commit"`
	BuildTime string `json:"buildTime"`
}

type Server struct {
	*http.ServeMux
	draining atomic.Bool
}

// New asks `ready`, where there is one, whether the program can do its work.
func New(version Version, ready func(context.Context) error) *Server {
	s := &Server{ServeMux: http.NewServeMux()}
	s.HandleFunc("GET /health/live", func(w http.ResponseWriter, _ *http.Request) {
		JSON(w, http.StatusOK, map[string]string{"status": "healthy"})
	})
	s.HandleFunc("GET /health/ready", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
		defer cancel()
		if s.draining.Load() {
			JSON(w, http.StatusServiceUnavailable, map[string]string{"status": "draining"})
		} else if err := check(ctx, ready); err != nil {
			JSON(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "reason": err.Error()})
		} else {
			JSON(w, http.StatusOK, map[string]string{"status": "ready"})
		}
	})
	s.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) { JSON(w, http.StatusOK, version) })
	return s
}

func check(ctx context.Context, ready func(context.Context) error) error {
	if ready == nil {
		return nil
	}
	return ready(ctx)
}

// Run serves until a signal; then what is in flight, and what `end` ends, have SHUTDOWN_TIMEOUT.
func (s *Server) Run(log *slog.Logger, port string, end func(deadline context.Context)) error {
	drain, err := time.ParseDuration(Env("SHUTDOWN_TIMEOUT", "65s"))
	if err != nil {
		return err
	}
	delay, err := time.ParseDuration(Env("DRAIN_DELAY", "0s"))
	if err != nil {
		return err
	}
	server := &http.Server{
		Addr:              net.JoinHostPort("", port),
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       90 * time.Second, // longer than a proxy's 75 s, so that the proxy closes first
	}
	signalled, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	log.Info("serving HTTP", "address", server.Addr)
	select {
	case err := <-failed:
		return err
	case <-signalled.Done():
	}
	stop() // a second signal ends the program at once
	log.Info("received shutdown signal")
	s.draining.Store(true)
	time.Sleep(delay)
	deadline, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	end(deadline)
	if err := server.Shutdown(deadline); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	log.Info("shutdown complete")
	return nil
}

func JSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the client may be gone; there is nobody left to tell
}
