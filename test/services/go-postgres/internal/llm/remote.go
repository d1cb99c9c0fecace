package llm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// remote speaks the chat completions API that most providers offer.
type remote struct {
	base, name, key string
	client          *http.Client
}

// No client timeout: it would cut streams. Callers bound each call by its context.
func newRemote(base, name, key string) *remote {
	return &remote{base: strings.TrimSuffix(base, "/"), name: name, key: key, client: &http.Client{}}
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type completionRequest struct {
	Model    string    `json:"model"`
	Messages []message `json:"messages"`
	Stream   bool      `json:"stream"`
	// Only the fake provider of the tests knows these two; they are left out unless a caller asks.
	Chunks       int    `json:"chunks,omitempty"`
	ChunkDelayMs *int64 `json:"chunkDelayMs,omitempty"`
}

type completion struct {
	Model   string `json:"model"`
	Choices []struct {
		Message message `json:"message"`
		Delta   message `json:"delta"`
	} `json:"choices"`
	Usage struct {
		PromptTokens     int `json:"prompt_tokens"`
		CompletionTokens int `json:"completion_tokens"`
	} `json:"usage"`
}

func (m *remote) Complete(ctx context.Context, prompt Prompt) (Reply, error) {
	response, err := m.ask(ctx, prompt, false)
	if err != nil {
		return Reply{}, err
	}
	defer response.Body.Close()
	var answer completion
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return Reply{}, err
	}
	if len(answer.Choices) == 0 {
		return Reply{}, errors.New("the model gave no choice")
	}
	return Reply{
		Text:         answer.Choices[0].Message.Content,
		Model:        answer.Model,
		InputTokens:  answer.Usage.PromptTokens,
		OutputTokens: answer.Usage.CompletionTokens,
	}, nil
}

func (m *remote) Stream(ctx context.Context, prompt Prompt) <-chan Token {
	tokens := make(chan Token)
	go func() {
		defer close(tokens)
		if err := m.relay(ctx, prompt, tokens); err != nil {
			send(ctx, tokens, Token{Err: err})
		}
	}()
	return tokens
}

func (m *remote) relay(ctx context.Context, prompt Prompt, tokens chan<- Token) error {
	response, err := m.ask(ctx, prompt, true)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		if !isData {
			continue
		}
		if data == "[DONE]" {
			return nil
		}
		var part completion
		if err := json.Unmarshal([]byte(data), &part); err != nil {
			return err
		}
		if len(part.Choices) == 0 || part.Choices[0].Delta.Content == "" {
			continue // names the role or the usage
		}
		if !send(ctx, tokens, Token{Text: part.Choices[0].Delta.Content}) {
			return ctx.Err()
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}

func (m *remote) ask(ctx context.Context, prompt Prompt, stream bool) (*http.Response, error) {
	body := completionRequest{
		Model:    m.name,
		Messages: []message{{Role: "user", Content: prompt.Message}},
		Stream:   stream,
		Chunks:   prompt.Chunks,
	}
	if prompt.Delay != nil {
		delay := prompt.Delay.Milliseconds()
		body.ChunkDelayMs = &delay
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return m.do(ctx, http.MethodPost, "/v1/chat/completions", bytes.NewReader(encoded))
}

// Check lists the models: the one call that every provider answers without charging for it.
func (m *remote) Check(ctx context.Context) error {
	response, err := m.do(ctx, http.MethodGet, "/v1/models", nil)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func (m *remote) do(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, m.base+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if m.key != "" {
		request.Header.Set("Authorization", "Bearer "+m.key)
	}
	response, err := m.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("the model's provider answered %s", response.Status)
	}
	return response, nil
}
