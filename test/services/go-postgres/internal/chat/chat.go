// Package chat is the service's API: one answer at once, or token by token.
package chat

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"example.com/chatbot/internal/config"
	"example.com/chatbot/internal/lifecycle"
	"example.com/chatbot/internal/llm"
	"example.com/chatbot/internal/metrics"
	"example.com/chatbot/internal/web"
)

type Chat struct {
	Config  config.Config
	State   *lifecycle.State
	Metrics *metrics.Registry
	Model   llm.Model
	Log     *slog.Logger
}

// ErrorTypes are the values of ai_errors_total's label.
var ErrorTypes = []string{"bad_request", "internal", "llm", "timeout", "too_large"}

type usage struct {
	InputTokens  int `json:"input_tokens"`
	OutputTokens int `json:"output_tokens"`
}

type answer struct {
	Reply     string `json:"reply"`
	Model     string `json:"model"`
	Usage     usage  `json:"usage"`
	RequestID string `json:"request_id"`
}

func (c *Chat) Answer(w http.ResponseWriter, r *http.Request) {
	prompt, ok := c.read(w, r)
	if !ok {
		return
	}
	requestCtx, cancelRequest := context.WithTimeout(r.Context(), c.Config.RequestTimeout)
	defer cancelRequest()
	ctx, cancel := context.WithTimeout(requestCtx, c.Config.LLMTimeout)
	defer cancel()

	reply, err := c.Model.Complete(ctx, prompt)
	if err != nil {
		kind, status := classify(err)
		c.Log.Error("model call failed", "request_id", web.RequestID(r.Context()), "type", kind, "error", err.Error())
		c.fail(w, r, status, kind, "the model did not answer: "+kind)
		return
	}
	c.Metrics.Tokens("input", reply.InputTokens)
	c.Metrics.Tokens("output", reply.OutputTokens)
	web.JSON(w, http.StatusOK, answer{
		Reply:     reply.Text,
		Model:     reply.Model,
		Usage:     usage{reply.InputTokens, reply.OutputTokens},
		RequestID: web.RequestID(r.Context()),
	})
}

// read answers the request itself and returns false when there is nothing to ask the model.
func (c *Chat) read(w http.ResponseWriter, r *http.Request) (llm.Prompt, bool) {
	prompt, err := parse(w, r, c.Config.MaxRequestSize)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		c.fail(w, r, http.StatusRequestEntityTooLarge, "too_large", "the body is too large")
	case err != nil:
		c.fail(w, r, http.StatusBadRequest, "bad_request", err.Error())
	case c.Config.FailChat:
		c.fail(w, r, http.StatusInternalServerError, "internal", "FAIL_CHAT is set")
	default:
		return prompt, true
	}
	return llm.Prompt{}, false
}

func (c *Chat) fail(w http.ResponseWriter, r *http.Request, status int, kind, message string) {
	c.Metrics.Error(kind)
	web.Error(w, r, status, message)
}

func classify(err error) (kind string, status int) {
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout", http.StatusGatewayTimeout
	}
	return "llm", http.StatusBadGateway
}
