package main

import (
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/chatbot/internal/agents"
	"example.com/chatbot/internal/chat"
	"example.com/chatbot/internal/config"
	"example.com/chatbot/internal/database"
	"example.com/chatbot/internal/health"
	"example.com/chatbot/internal/lifecycle"
	"example.com/chatbot/internal/llm"
	"example.com/chatbot/internal/metrics"
	"example.com/chatbot/internal/web"
	"example.com/chatbot/internal/ws"
)

// servers returns no second server where metrics are served beside the API.
func servers(cfg config.Config, state *lifecycle.State, pool *pgxpool.Pool, log *slog.Logger) (public, private *http.Server) {
	registry := metrics.New(
		[]string{"/api/chat", "/api/chat/stream", "/ws", "/api/agents", "/api/agents/heartbeat", "/agents"},
		append([]string{"database"}, chat.ErrorTypes...),
	)
	mux := http.NewServeMux()
	count := func(pattern, endpoint string, handler http.HandlerFunc) {
		mux.HandleFunc(pattern, web.Count(registry, state, endpoint, handler))
	}

	model := llm.New(cfg)
	h := &health.Health{Config: cfg, State: state, Version: version, Checks: []health.Check{
		{Name: "database", Required: true, Run: database.Check(pool)},
		{Name: "llm", Run: model.Check},
	}}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		web.JSON(w, http.StatusOK, map[string]string{"status": "healthy"})
	})
	mux.HandleFunc("GET /health/live", h.Live)
	mux.HandleFunc("GET /health/ready", h.Ready)
	mux.HandleFunc("GET /health/startup", h.Startup)
	mux.HandleFunc("GET /health/deep", h.Deep)
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		web.JSON(w, http.StatusOK, map[string]string{"version": version, "commit": commit, "buildTime": buildTime})
	})

	c := &chat.Chat{Config: cfg, State: state, Metrics: registry, Model: model, Log: log}
	count("POST /api/chat", "/api/chat", c.Answer)
	count("POST /api/chat/stream", "/api/chat/stream", c.Stream)
	count("GET /api/chat/stream", "/api/chat/stream", c.Stream)
	count("GET /ws", "/ws", ws.Echo(state))

	a := &agents.API{Config: cfg, Metrics: registry, Log: log, Store: &agents.Store{Pool: pool, OfflineTimeout: cfg.OfflineTimeout}}
	count("GET /api/agents", "/api/agents", a.List)
	count("POST /api/agents/heartbeat", "/api/agents/heartbeat", a.Heartbeat)
	count("GET /agents", "/agents", a.Page)

	if cfg.MetricsPort == cfg.Port {
		mux.Handle("GET /metrics", registry)
	} else {
		metricsMux := http.NewServeMux()
		metricsMux.Handle("GET /metrics", registry)
		private = newServer(cfg, cfg.MetricsPort, metricsMux)
	}
	return newServer(cfg, cfg.Port, web.Wrap(log, mux)), private
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
