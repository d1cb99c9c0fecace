package main

import (
	"encoding/json"
	"fmt"
)

type object = map[string]any

func event(name string, data any) string {
	encoded, _ := json.Marshal(data) // plain objects always encode
	if name == "" {
		return fmt.Sprintf("data: %s\n\n", encoded)
	}
	return fmt.Sprintf("event: %s\ndata: %s\n\n", name, encoded)
}

// openAI is the chat completions API that most providers offer.
type openAI struct{}

func (openAI) whole(model, text string, inputTokens, outputTokens int) any {
	return object{
		"id": "chatcmpl-1", "object": "chat.completion", "model": model,
		"choices": []object{{"index": 0, "finish_reason": "stop", "message": object{"role": "assistant", "content": text}}},
		"usage":   object{"prompt_tokens": inputTokens, "completion_tokens": outputTokens, "total_tokens": inputTokens + outputTokens},
	}
}

func (openAI) part(model string, delta object, finish any) string {
	return event("", object{
		"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": model,
		"choices": []object{{"index": 0, "delta": delta, "finish_reason": finish}},
	})
}

func (o openAI) start(model string) string {
	return o.part(model, object{"role": "assistant", "content": ""}, nil)
}

func (o openAI) chunk(model, text string) string {
	return o.part(model, object{"content": text}, nil)
}

func (openAI) end(int) string { return "data: [DONE]\n\n" }

type anthropic struct{}

func (anthropic) whole(model, text string, inputTokens, outputTokens int) any {
	return object{
		"id": "msg_1", "type": "message", "role": "assistant", "model": model, "stop_reason": "end_turn",
		"content": []object{{"type": "text", "text": text}},
		"usage":   object{"input_tokens": inputTokens, "output_tokens": outputTokens},
	}
}

func (anthropic) start(model string) string {
	message := object{"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": []object{}}
	return event("message_start", object{"type": "message_start", "message": message}) +
		event("content_block_start", object{"type": "content_block_start", "index": 0, "content_block": object{"type": "text", "text": ""}})
}

func (anthropic) chunk(_, text string) string {
	return event("content_block_delta", object{"type": "content_block_delta", "index": 0, "delta": object{"type": "text_delta", "text": text}})
}

func (anthropic) end(outputTokens int) string {
	return event("content_block_stop", object{"type": "content_block_stop", "index": 0}) +
		event("message_delta", object{"type": "message_delta", "delta": object{"stop_reason": "end_turn"}, "usage": object{"output_tokens": outputTokens}}) +
		event("message_stop", object{"type": "message_stop"})
}
