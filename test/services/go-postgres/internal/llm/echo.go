package llm

import (
	"context"
	"strings"
	"time"
)

const echoDelay = 20 * time.Millisecond

// echo answers with the question, word by word.
type echo struct{ name string }

func (e echo) Complete(_ context.Context, prompt Prompt) (Reply, error) {
	text := "Echo: " + prompt.Message
	return Reply{Text: text, Model: e.name, InputTokens: CountTokens(prompt.Message), OutputTokens: CountTokens(text)}, nil
}

func (e echo) Stream(ctx context.Context, prompt Prompt) <-chan Token {
	words := strings.Fields("Echo: " + prompt.Message)
	chunks, delay := prompt.Chunks, echoDelay
	if chunks == 0 {
		chunks = len(words)
	}
	if prompt.Delay != nil {
		delay = *prompt.Delay
	}
	tokens := make(chan Token)
	go func() {
		defer close(tokens)
		for i := range chunks {
			if i > 0 && !pause(ctx, delay) {
				return
			}
			if !send(ctx, tokens, Token{Text: words[i%len(words)] + " "}) {
				return
			}
		}
	}()
	return tokens
}

func (echo) Check(context.Context) error { return nil }

func pause(ctx context.Context, delay time.Duration) bool {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
