// Package logging writes one JSON object a line to standard output, where every platform collects it.
package logging

import (
	"log/slog"
	"os"
	"strings"
)

func New(service, level string) *slog.Logger {
	var threshold slog.Level
	if err := threshold.UnmarshalText([]byte(level)); err != nil {
		threshold = slog.LevelInfo
	}
	handler := slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: threshold, ReplaceAttr: lowerLevel})
	return slog.New(handler).With("service", service)
}

func lowerLevel(_ []string, attr slog.Attr) slog.Attr {
	if attr.Key == slog.LevelKey {
		return slog.String(slog.LevelKey, strings.ToLower(attr.Value.String()))
	}
	return attr
}
