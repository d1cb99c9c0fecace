package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"example.com/chatbot/internal/llm"
	"example.com/chatbot/internal/web"
)

// Stream sends server-sent events: one for each token, comments while the model is quiet, [DONE] at the end.
func (c *Chat) Stream(w http.ResponseWriter, r *http.Request) {
	prompt, ok := c.read(w, r)
	if !ok {
		return
	}
	ctx, stop := context.WithTimeout(r.Context(), c.Config.StreamMaxDuration)
	defer stop() // ends the model's work too, whoever ended the stream
	c.Metrics.Tokens("input", llm.CountTokens(prompt.Message))

	// No X-Accel-Buffering here: that a proxy passes each event on at once is for its own configuration to get right.
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	events := events{w, http.NewResponseController(w)}
	events.comment("open") // headers leave now, not with the first token

	heartbeat := time.NewTicker(c.Config.Heartbeat)
	defer heartbeat.Stop()
	idle := time.NewTimer(c.Config.StreamIdleTimeout)
	defer idle.Stop()
	tokens := c.Model.Stream(ctx, prompt)
	for {
		select {
		case token, open := <-tokens:
			if !open && ctx.Err() == nil {
				events.send("", "[DONE]")
				return
			}
			if !open {
				c.interrupted(r, events)
				return
			}
			if token.Err != nil {
				kind, _ := classify(token.Err)
				c.broken(r, events, kind, token.Err.Error())
				return
			}
			c.Metrics.Tokens("output", 1)
			events.send("", encode("token", token.Text))
			idle.Reset(c.Config.StreamIdleTimeout)
			heartbeat.Reset(c.Config.Heartbeat)
		case <-heartbeat.C:
			events.comment("heartbeat")
		case <-idle.C:
			c.broken(r, events, "timeout", "the model fell silent")
			return
		case <-ctx.Done():
			c.interrupted(r, events)
			return
		case <-c.State.StreamsEnd():
			events.send("shutdown", encode("reason", "the server is shutting down"))
			return
		}
	}
}

// interrupted tells a client that left from a stream that took too long.
func (c *Chat) interrupted(r *http.Request, events events) {
	if r.Context().Err() == nil {
		c.broken(r, events, "timeout", "the stream took too long")
		return
	}
	c.Metrics.Disconnect()
	c.Log.Info("client left the stream", "request_id", web.RequestID(r.Context()))
}

func (c *Chat) broken(r *http.Request, events events, kind, message string) {
	c.Metrics.Error(kind)
	c.Log.Error("stream failed", "request_id", web.RequestID(r.Context()), "type", kind, "error", message)
	events.send("error", encode("error", kind))
}

type events struct {
	w          http.ResponseWriter
	controller *http.ResponseController
}

// Write errors are not looked at: a client that left ends the request's context.
func (e events) send(name, data string) {
	if name != "" {
		fmt.Fprintf(e.w, "event: %s\n", name)
	}
	fmt.Fprintf(e.w, "data: %s\n\n", data)
	e.controller.Flush()
}

func (e events) comment(text string) {
	fmt.Fprintf(e.w, ": %s\n\n", text)
	e.controller.Flush()
}

func encode(key, value string) string {
	encoded, _ := json.Marshal(map[string]string{key: value}) // a map of strings always encodes
	return string(encoded)
}
