package agents

import (
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"log/slog"
	"net/http"

	"example.com/chatbot/internal/config"
	"example.com/chatbot/internal/metrics"
	"example.com/chatbot/internal/web"
)

//go:embed page.html
var files embed.FS

var page = template.Must(template.ParseFS(files, "page.html"))

type API struct {
	Config  config.Config
	Store   *Store
	Metrics *metrics.Registry
	Log     *slog.Logger
}

type heartbeat struct {
	ID       string          `json:"id"`
	Hostname string          `json:"hostname"`
	Details  json.RawMessage `json:"details"`
}

func (a *API) Heartbeat(w http.ResponseWriter, r *http.Request) {
	beat := heartbeat{Details: json.RawMessage("{}")}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, a.Config.MaxRequestSize)).Decode(&beat)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		a.fail(w, r, http.StatusRequestEntityTooLarge, "too_large", "the body is too large")
		return
	case err != nil || beat.ID == "" || beat.Hostname == "":
		a.fail(w, r, http.StatusBadRequest, "bad_request", "id and hostname are required")
		return
	}
	if err := a.Store.Report(r.Context(), beat.ID, beat.Hostname, beat.Details); err != nil {
		a.databaseFailed(w, r, err)
		return
	}
	a.Log.Info("Heartbeat received from "+beat.ID, "request_id", web.RequestID(r.Context()))
	web.JSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (a *API) List(w http.ResponseWriter, r *http.Request) {
	agents, err := a.Store.List(r.Context())
	if err != nil {
		a.databaseFailed(w, r, err)
		return
	}
	if agents == nil {
		agents = []Agent{} // an empty list, not null
	}
	web.JSON(w, http.StatusOK, agents)
}

func (a *API) Page(w http.ResponseWriter, r *http.Request) {
	agents, err := a.Store.List(r.Context())
	if err != nil {
		a.databaseFailed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, agents); err != nil {
		a.Log.Error("page failed", "error", err.Error())
	}
}

func (a *API) databaseFailed(w http.ResponseWriter, r *http.Request, err error) {
	a.Log.Error("database call failed", "request_id", web.RequestID(r.Context()), "error", err.Error())
	a.fail(w, r, http.StatusServiceUnavailable, "database", "the database did not answer")
}

func (a *API) fail(w http.ResponseWriter, r *http.Request, status int, kind, message string) {
	a.Metrics.Error(kind)
	web.Error(w, r, status, message)
}
