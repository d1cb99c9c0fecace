package main

import (
	"encoding/json"
	"net/http"
	"strings"
)

// dialect is one provider's way to write the same answer.
type dialect interface {
	whole(model, text string, inputTokens, outputTokens int) any
	// start, chunk and end are server-sent events, ready to write.
	start(model string) string
	chunk(model, text string) string
	end(outputTokens int) string
}

type request struct {
	Model    string `json:"model"`
	Messages []struct {
		Content string `json:"content"`
	} `json:"messages"`
	Stream bool `json:"stream"`
	// A caller may shape one answer; a real provider has no such fields.
	Chunks       *int `json:"chunks"`
	ChunkDelayMs *int `json:"chunkDelayMs"`
}

func (p *provider) chat(d dialect) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in request
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil || len(in.Messages) == 0 {
			reply(w, http.StatusBadRequest, failure("a JSON body with messages is required"))
			return
		}
		b, fails := p.begin(in.Stream)
		if in.Chunks != nil {
			b.Chunks = *in.Chunks
		}
		if in.ChunkDelayMs != nil {
			b.ChunkDelayMs = *in.ChunkDelayMs
		}
		if !wait(r.Context(), b.LatencyMs) {
			p.aborted()
			return
		}
		if fails {
			reply(w, b.Status, failure("failing on demand"))
			return
		}
		if b.HangAfter == 0 {
			p.hang(r)
			return
		}
		question := in.Messages[len(in.Messages)-1].Content
		if in.Stream {
			p.stream(w, r, d, in.Model, question, b)
			return
		}
		text := "Echo: " + question
		reply(w, http.StatusOK, d.whole(in.Model, text, len(strings.Fields(question)), len(strings.Fields(text))))
	}
}

func (p *provider) stream(w http.ResponseWriter, r *http.Request, d dialect, model, question string, b behaviour) {
	words := strings.Fields("Echo: " + question)
	chunks := b.Chunks
	if chunks == 0 {
		chunks = len(words)
	}
	controller := http.NewResponseController(w)
	write := func(events string) {
		w.Write([]byte(events))
		controller.Flush()
	}
	w.Header().Set("Content-Type", "text/event-stream")
	write(d.start(model))
	for i := range chunks {
		if i == b.HangAfter {
			p.hang(r)
			return
		}
		if i > 0 && !wait(r.Context(), b.ChunkDelayMs) {
			p.aborted()
			return
		}
		write(d.chunk(model, words[i%len(words)]+" "))
		p.count(func(c *calls) { c.Chunks++ })
	}
	write(d.end(chunks))
}

func (p *provider) hang(r *http.Request) {
	<-r.Context().Done()
	p.aborted()
}

func (p *provider) aborted() { p.count(func(c *calls) { c.Aborted++ }) }
