// Package ollama asks one model of an Ollama server, and has the server fetch it where it is not there.
// https://docs.ollama.com/api
package ollama

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

type Model struct {
	URL  string
	Name string
}

// Provide returns when the server has the model; a server that is not there yet, or cannot fetch it, is asked again.
func (m Model) Provide(ctx context.Context, log *slog.Logger) {
	for m.Check(ctx) != nil {
		err := m.call(ctx, "/api/pull", map[string]any{"model": m.Name, "stream": false}, nil)
		if err == nil {
			log.Info("model fetched", "model", m.Name)
			continue
		}
		log.Warn("no model yet", "model", m.Name, "error", err.Error())
		time.Sleep(time.Second)
	}
}

func (m Model) Check(ctx context.Context) error {
	return m.call(ctx, "/api/show", map[string]any{"model": m.Name}, nil)
}

func (m Model) Complete(ctx context.Context, prompt string) (string, error) {
	var answer struct {
		Response string `json:"response"`
	}
	err := m.call(ctx, "/api/generate", map[string]any{"model": m.Name, "prompt": prompt, "stream": false}, &answer)
	return answer.Response, err
}

func (m Model) call(ctx context.Context, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ollama: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		var refusal struct {
			Error string `json:"error"`
		}
		json.NewDecoder(response.Body).Decode(&refusal) // without a reason the status has to do
		return fmt.Errorf("ollama: %s %s", response.Status, refusal.Error)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
