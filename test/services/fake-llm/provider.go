package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

const maxBody = 8 << 20

// provider holds what the admin endpoints change and count.
type provider struct {
	apiKey  string // empty: every caller is welcome
	initial behaviour

	mu        sync.Mutex
	behaviour behaviour
	calls     calls
	failDebt  float64
}

type calls struct {
	Total    int `json:"total"`
	Streamed int `json:"streamed"`
	Failed   int `json:"failed"`
	Aborted  int `json:"aborted"` // the caller left before the end
	Chunks   int `json:"chunks"`
}

func (p *provider) routes() http.Handler {
	mux := http.NewServeMux()
	alive := func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, map[string]string{"status": "healthy"}) }
	mux.HandleFunc("GET /health/live", alive)
	mux.HandleFunc("GET /health/ready", alive)
	mux.HandleFunc("GET /v1/models", p.authorised(models))
	mux.HandleFunc("POST /v1/chat/completions", p.authorised(p.chat(openAI{})))
	mux.HandleFunc("POST /v1/messages", p.authorised(p.chat(anthropic{})))
	mux.HandleFunc("GET /admin/behaviour", p.showBehaviour)
	mux.HandleFunc("POST /admin/behaviour", p.changeBehaviour)
	mux.HandleFunc("GET /admin/calls", p.showCalls)
	mux.HandleFunc("POST /admin/reset", p.reset)
	return mux
}

func (p *provider) authorised(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if p.apiKey != "" && r.Header.Get("Authorization") != "Bearer "+p.apiKey && r.Header.Get("X-Api-Key") != p.apiKey {
			reply(w, http.StatusUnauthorized, failure("invalid api key"))
			return
		}
		next(w, r)
	}
}

func models(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{"object": "list", "data": []map[string]string{{"id": "echo-1", "object": "model"}}})
}

func (p *provider) showBehaviour(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	reply(w, http.StatusOK, p.behaviour)
}

// changeBehaviour takes the fields that are given and keeps the others.
func (p *provider) changeBehaviour(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := p.behaviour
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&changed)
	if err == nil {
		err = changed.problem()
	}
	if err != nil {
		reply(w, http.StatusBadRequest, failure(err.Error()))
		return
	}
	p.behaviour, p.failDebt = changed, 0
	reply(w, http.StatusOK, changed)
}

func (p *provider) showCalls(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	reply(w, http.StatusOK, p.calls)
}

func (p *provider) reset(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behaviour, p.calls, p.failDebt = p.initial, calls{}, 0
	reply(w, http.StatusOK, p.behaviour)
}

// begin counts a call and decides whether it fails. The debt spreads failures evenly, so that a test can expect a number.
func (p *provider) begin(stream bool) (b behaviour, fails bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls.Total++
	if stream {
		p.calls.Streamed++
	}
	p.failDebt += p.behaviour.FailRate
	if p.failDebt >= 1 {
		p.failDebt--
		p.calls.Failed++
		return p.behaviour, true
	}
	return p.behaviour, false
}

func (p *provider) count(change func(*calls)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.calls)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func failure(message string) map[string]any {
	return map[string]any{"error": map[string]string{"type": "api_error", "message": message}}
}

func wait(ctx context.Context, milliseconds int) bool {
	select {
	case <-time.After(time.Duration(milliseconds) * time.Millisecond):
		return true
	case <-ctx.Done():
		return false
	}
}
