package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
)

// behaviour is set by the environment at the start and by POST /admin/behaviour at any time.
type behaviour struct {
	LatencyMs    int     `json:"latencyMs"`    // before the answer's first byte
	ChunkDelayMs int     `json:"chunkDelayMs"` // between streamed chunks
	Chunks       int     `json:"chunks"`       // of a stream; 0: one for each word of the answer
	FailRate     float64 `json:"failRate"`     // share of calls that fail, evenly spread: 0.5 is every second one
	Status       int     `json:"status"`       // of a failed call
	HangAfter    int     `json:"hangAfter"`    // chunks, then silence with the connection open; -1: never; 0: no answer at all
}

func behaviourFromEnv() (behaviour, error) {
	b := behaviour{ChunkDelayMs: 20, Status: 500, HangAfter: -1}
	var problems []error
	integer := func(name string, field *int) {
		if raw := os.Getenv(name); raw != "" {
			value, err := strconv.Atoi(raw)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
			*field = value
		}
	}
	integer("LATENCY_MS", &b.LatencyMs)
	integer("CHUNK_DELAY_MS", &b.ChunkDelayMs)
	integer("CHUNKS", &b.Chunks)
	integer("FAIL_STATUS", &b.Status)
	integer("HANG_AFTER", &b.HangAfter)
	if raw := os.Getenv("FAIL_RATE"); raw != "" {
		rate, err := strconv.ParseFloat(raw, 64)
		if err != nil {
			problems = append(problems, fmt.Errorf("FAIL_RATE: %w", err))
		}
		b.FailRate = rate
	}
	return b, errors.Join(append(problems, b.problem())...)
}

func (b behaviour) problem() error {
	switch {
	case b.LatencyMs < 0 || b.ChunkDelayMs < 0 || b.Chunks < 0:
		return errors.New("latencyMs, chunkDelayMs and chunks cannot be negative")
	case b.FailRate < 0 || b.FailRate > 1:
		return errors.New("failRate is a share between 0 and 1")
	case b.Status < 400 || b.Status > 599:
		return errors.New("status is that of a failure, 400 to 599")
	case b.HangAfter < -1:
		return errors.New("hangAfter is a number of chunks, or -1 for never")
	}
	return nil
}
