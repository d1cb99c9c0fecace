package chat

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.com/chatbot/internal/llm"
)

const (
	maxChunks  = 100_000
	maxDelayMs = 600_000
)

// body's chunks and delayMs shape a stream, so that a test can make it as long as it needs.
type body struct {
	Message string `json:"message"`
	Chunks  int    `json:"chunks"`
	DelayMs *int   `json:"delayMs"`
}

func parse(w http.ResponseWriter, r *http.Request, limit int64) (llm.Prompt, error) {
	var in body
	var err error
	if r.Method == http.MethodGet {
		in, err = fromQuery(r.URL.Query())
	} else {
		err = json.NewDecoder(http.MaxBytesReader(w, r.Body, limit)).Decode(&in)
	}
	if err != nil {
		return llm.Prompt{}, fmt.Errorf("the request is not valid: %w", err)
	}
	return in.prompt()
}

func fromQuery(query url.Values) (body, error) {
	in := body{Message: query.Get("q")}
	var err error
	if raw := query.Get("chunks"); raw != "" {
		if in.Chunks, err = strconv.Atoi(raw); err != nil {
			return in, err
		}
	}
	if raw := query.Get("delayMs"); raw != "" {
		delay, err := strconv.Atoi(raw)
		if err != nil {
			return in, err
		}
		in.DelayMs = &delay
	}
	return in, nil
}

func (in body) prompt() (llm.Prompt, error) {
	prompt := llm.Prompt{Message: in.Message, Chunks: in.Chunks}
	if strings.TrimSpace(in.Message) == "" {
		return prompt, errors.New("message is required")
	}
	if in.Chunks < 0 || in.Chunks > maxChunks {
		return prompt, fmt.Errorf("chunks must be between 0 and %d", maxChunks)
	}
	if in.DelayMs != nil {
		if *in.DelayMs < 0 || *in.DelayMs > maxDelayMs {
			return prompt, fmt.Errorf("delayMs must be between 0 and %d", maxDelayMs)
		}
		delay := time.Duration(*in.DelayMs) * time.Millisecond
		prompt.Delay = &delay
	}
	return prompt, nil
}
