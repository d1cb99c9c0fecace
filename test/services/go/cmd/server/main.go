// Command server is the chatbot's HTTP server. `server health` asks a running one whether it lives.
package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"example.com/chatbot/internal/chat"
	"example.com/chatbot/internal/config"
	"example.com/chatbot/internal/health"
	"example.com/chatbot/internal/lifecycle"
	"example.com/chatbot/internal/llm"
	"example.com/chatbot/internal/logging"
	"example.com/chatbot/internal/metrics"
	"example.com/chatbot/internal/web"
	"example.com/chatbot/internal/ws"
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
	if len(os.Args) > 1 && os.Args[1] == "health" {
		if err := health.AskSelf(cfg); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	log := logging.New(cfg.Service, cfg.LogLevel)
	if err := run(cfg, log); err != nil {
		log.Error("server failed", "error", err.Error())
		os.Exit(1)
	}
}

func run(cfg config.Config, log *slog.Logger) error {
	if cfg.FailStart {
		return errors.New("FAIL_START is set")
	}
	log.Info("starting", "version", version, "commit", commit)
	state := lifecycle.NewState()
	registry := metrics.New([]string{"/api/chat", "/api/chat/stream", "/ws"}, chat.ErrorTypes)
	public := routes(cfg, state, registry, log)

	var metricsServer *http.Server
	if cfg.MetricsPort == cfg.Port {
		public.Handle("GET /metrics", registry)
	} else {
		private := http.NewServeMux()
		private.Handle("GET /metrics", registry)
		metricsServer = newServer(cfg, cfg.MetricsPort, private)
	}
	return lifecycle.Serve(cfg, state, log, newServer(cfg, cfg.Port, web.Wrap(log, public)), metricsServer)
}

func routes(cfg config.Config, state *lifecycle.State, registry *metrics.Registry, log *slog.Logger) *http.ServeMux {
	model := llm.New(cfg)
	h := &health.Health{Config: cfg, State: state, Version: version, Checks: []health.Check{
		{Name: "llm", Run: model.Check},
	}}
	c := &chat.Chat{Config: cfg, State: state, Metrics: registry, Model: model, Log: log}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /health/live", h.Live)
	mux.HandleFunc("GET /health/ready", h.Ready)
	mux.HandleFunc("GET /health/startup", h.Startup)
	mux.HandleFunc("GET /health/deep", h.Deep)
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		web.JSON(w, http.StatusOK, map[string]string{"version": version, "commit": commit, "buildTime": buildTime})
	})
	mux.HandleFunc("POST /api/chat", web.Count(registry, state, "/api/chat", c.Answer))
	stream := web.Count(registry, state, "/api/chat/stream", c.Stream)
	mux.HandleFunc("POST /api/chat/stream", stream)
	mux.HandleFunc("GET /api/chat/stream", stream)
	mux.HandleFunc("GET /ws", web.Count(registry, state, "/ws", ws.Echo(state)))
	return mux
}

func newServer(cfg config.Config, port int, handler http.Handler) *http.Server {
	return &http.Server{
		Addr:              net.JoinHostPort(cfg.Host, strconv.Itoa(port)),
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       cfg.KeepAliveTimeout,
		// No WriteTimeout: it would cut streams. Handlers bound their own time.
	}
}
