package config

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// reader collects every problem, so that one failed start names all of them.
type reader struct {
	problems []error
}

func (r *reader) text(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func (r *reader) number(name string, fallback int) int {
	return read(r, name, fallback, strconv.Atoi)
}

func (r *reader) duration(name string, fallback time.Duration) time.Duration {
	return read(r, name, fallback, time.ParseDuration)
}

func (r *reader) flag(name string) bool {
	return read(r, name, false, strconv.ParseBool)
}

func (r *reader) problem() error {
	return errors.Join(r.problems...)
}

func read[T any](r *reader, name string, fallback T, parse func(string) (T, error)) T {
	raw := os.Getenv(name)
	if raw == "" {
		return fallback
	}
	value, err := parse(raw)
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s: %w", name, err))
		return fallback
	}
	return value
}
