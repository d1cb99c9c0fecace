// Package health answers the platform's probes. Only Deep touches a dependency,
// except where a service names one that it cannot work without (Required).
package health

import (
	"context"
	"net/http"
	"time"

	"example.com/chatbot/internal/config"
	"example.com/chatbot/internal/lifecycle"
	"example.com/chatbot/internal/web"
)

const checkTimeout = 3 * time.Second

type Check struct {
	Name     string
	Required bool // also tested by readiness
	Run      func(context.Context) error
}

type Health struct {
	Config  config.Config
	State   *lifecycle.State
	Version string
	Checks  []Check
}

type result struct {
	Status      string  `json:"status"`
	Message     string  `json:"message,omitempty"`
	Latency     string  `json:"latency"`
	LatencyMs   float64 `json:"latency_ms"`
	LastChecked string  `json:"last_checked"`
}

func (h *Health) Live(w http.ResponseWriter, _ *http.Request) {
	h.answer(w, http.StatusOK, "healthy", nil)
}

func (h *Health) Startup(w http.ResponseWriter, _ *http.Request) {
	if !h.State.Started() {
		h.answer(w, http.StatusServiceUnavailable, "starting", nil)
		return
	}
	h.answer(w, http.StatusOK, "started", nil)
}

func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	switch {
	case h.State.Draining():
		h.answer(w, http.StatusServiceUnavailable, "draining", nil)
		return
	case !h.State.Started():
		h.answer(w, http.StatusServiceUnavailable, "starting", nil)
		return
	case h.Config.NeverReady:
		h.answer(w, http.StatusServiceUnavailable, "not ready", nil)
		return
	}
	results, healthy := h.run(r.Context(), func(c Check) bool { return c.Required })
	if !healthy {
		h.answer(w, http.StatusServiceUnavailable, "not ready", results)
		return
	}
	h.answer(w, http.StatusOK, "ready", results)
}

func (h *Health) Deep(w http.ResponseWriter, r *http.Request) {
	results, healthy := h.run(r.Context(), func(Check) bool { return true })
	if !healthy {
		h.answer(w, http.StatusServiceUnavailable, "unhealthy", results)
		return
	}
	h.answer(w, http.StatusOK, "healthy", results)
}

func (h *Health) run(ctx context.Context, wanted func(Check) bool) (map[string]result, bool) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	results, healthy := map[string]result{}, true
	for _, check := range h.Checks {
		if !wanted(check) {
			continue
		}
		start := time.Now()
		err := check.Run(ctx)
		took := time.Since(start)
		r := result{
			Status:      "healthy",
			Latency:     took.Round(10 * time.Microsecond).String(),
			LatencyMs:   float64(took.Microseconds()) / 1000,
			LastChecked: timestamp(),
		}
		if err != nil {
			r.Status, r.Message, healthy = "unhealthy", err.Error(), false
		}
		results[check.Name] = r
	}
	return results, healthy
}

func (h *Health) answer(w http.ResponseWriter, code int, status string, checks map[string]result) {
	body := map[string]any{
		"status":    status,
		"version":   h.Version,
		"uptime":    time.Since(h.State.StartedAt).Round(time.Second).String(),
		"timestamp": timestamp(),
	}
	if len(checks) > 0 {
		body["checks"] = checks
	}
	web.JSON(w, code, body)
}

func timestamp() string { return time.Now().UTC().Format(time.RFC3339Nano) }
