// Package web holds what every route shares: request ids, logs, panics, counting, JSON.
package web

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"example.com/chatbot/internal/lifecycle"
	"example.com/chatbot/internal/metrics"
)

type requestIDKey struct{}

// A foreign request id goes into logs and headers, so only a harmless one is taken over.
var harmless = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)

func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// statusWriter remembers the status for the log. Unwrap lets a ResponseController flush and hijack through it.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Wrap gives every request an id and a log line, and turns a panic into a 500.
func Wrap(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := r.Header.Get("X-Request-Id")
		if !harmless.MatchString(id) {
			id = strings.ToLower(rand.Text())
		}
		w.Header().Set("X-Request-Id", id)
		r = r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
		recorder := &statusWriter{ResponseWriter: w, status: http.StatusOK}

		defer func() {
			if cause := recover(); cause != nil {
				log.Error("panic", "request_id", id, "cause", cause, "stack", string(debug.Stack()))
				Error(recorder, r, http.StatusInternalServerError, "internal error")
			}
			log.Log(r.Context(), accessLevel(r.URL.Path), "HTTP request completed", "request_id", id,
				"method", r.Method, "path", r.URL.Path, "status", recorder.status,
				"duration_ms", time.Since(start).Milliseconds(), "client_ip", r.RemoteAddr)
		}()
		next.ServeHTTP(recorder, r)
	})
}

// Probes and scrapes come every few seconds; at info they would bury the rest.
func accessLevel(path string) slog.Level {
	if strings.HasPrefix(path, "/health") || path == "/metrics" {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// Count puts a route into the ai_* metrics and among the requests that a drain waits for.
func Count(registry *metrics.Registry, state *lifecycle.State, endpoint string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer state.Enter()()
		end := registry.Begin(endpoint)
		recorder := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() { end(recorder.status) }()
		next(recorder, r)
	}
}

func JSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the client may be gone; there is nobody left to tell
}

func Error(w http.ResponseWriter, r *http.Request, status int, message string) {
	JSON(w, status, map[string]string{"error": message, "request_id": RequestID(r.Context())})
}
