// Package llm talks to the model: a provider's HTTP API or, without one, an echo within the process.
package llm

import (
	"context"
	"strings"
	"time"

	"example.com/chatbot/internal/config"
)

type Prompt struct {
	Message string
	Chunks  int            // 0: as many as the answer has words
	Delay   *time.Duration // between chunks; nil: the model's own
}

type Reply struct {
	Text         string
	Model        string
	InputTokens  int
	OutputTokens int
}

// Token is one piece of a streamed answer; a token with Err is the last one.
type Token struct {
	Text string
	Err  error
}

type Model interface {
	Complete(ctx context.Context, prompt Prompt) (Reply, error)
	// Stream's channel is closed at the end of the answer, and soon after ctx is done.
	Stream(ctx context.Context, prompt Prompt) <-chan Token
	Check(ctx context.Context) error
}

func New(cfg config.Config) Model {
	if cfg.LLMBaseURL == "" {
		return echo{name: cfg.LLMModel}
	}
	return newRemote(cfg.LLMBaseURL, cfg.LLMModel, cfg.LLMAPIKey)
}

// CountTokens is a rough count, good enough to see a metric move.
func CountTokens(text string) int { return len(strings.Fields(text)) }

func send(ctx context.Context, tokens chan<- Token, token Token) bool {
	select {
	case tokens <- token:
		return true
	case <-ctx.Done():
		return false
	}
}
