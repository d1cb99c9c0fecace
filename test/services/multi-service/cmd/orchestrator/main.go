// Command orchestrator answers with what a tool found and a model made of it. `orchestrator health` asks a running one
// whether it lives.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/assistant/internal/ollama"
	"example.com/assistant/internal/toolspb"
	"example.com/assistant/internal/web"
)

const (
	requestTimeout = 60 * time.Second
	maxRequestSize = 1 << 20
)

// Set by -ldflags "-X main.version=…".
var (
	version   = "dev"
	commit    = "unknown"
	buildTime = "unknown"
)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", "orchestrator")
	if err := command(log, web.Env("PORT", "8080"), os.Args[1:]); err != nil {
		log.Error("orchestrator failed", "error", err.Error())
		os.Exit(1)
	}
}

func command(log *slog.Logger, port string, args []string) error {
	if len(args) > 0 && args[0] == "health" {
		return web.AskSelf(port)
	}
	return run(log, port)
}

func run(log *slog.Logger, port string) error {
	connection, err := grpc.NewClient(web.Env("TOOLS_ADDRESS", "localhost:50051"),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	o := orchestrator{
		log:    log,
		tools:  toolspb.NewToolsClient(connection),
		health: healthpb.NewHealthClient(connection),
		model:  ollama.Model{URL: web.Env("OLLAMA_URL", "http://localhost:11434"), Name: web.Env("OLLAMA_MODEL", "llama3.2:1b")},
	}
	go o.model.Provide(context.Background(), log)

	server := web.New(web.Version{Version: version, Commit: commit, BuildTime: buildTime}, o.ready)
	server.HandleFunc("POST /api/chat", o.chat)
	return server.Run(log, port, func(context.Context) {})
}

type orchestrator struct {
	log    *slog.Logger
	tools  toolspb.ToolsClient
	health healthpb.HealthClient
	model  ollama.Model
}

// ready is false without what no answer can do without.
func (o orchestrator) ready(ctx context.Context) error {
	answer, err := o.health.Check(ctx, &healthpb.HealthCheckRequest{Service: toolspb.Tools_ServiceDesc.ServiceName})
	if err != nil {
		return fmt.Errorf("tools: %w", err)
	}
	if answer.GetStatus() != healthpb.HealthCheckResponse_SERVING {
		return fmt.Errorf("tools: %s", answer.GetStatus())
	}
	return o.model.Check(ctx)
}

func (o orchestrator) chat(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Message string `json:"message"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequestSize)).Decode(&asked); err != nil || asked.Message == "" {
		web.JSON(w, http.StatusBadRequest, map[string]string{"error": "message is required"})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
	defer cancel()
	reply, err := o.answer(ctx, asked.Message)
	if err != nil {
		o.log.Error("no answer", "error", err.Error())
		code := http.StatusBadGateway
		if errors.Is(err, context.DeadlineExceeded) {
			code = http.StatusGatewayTimeout
		}
		web.JSON(w, code, map[string]string{"error": err.Error()})
		return
	}
	web.JSON(w, http.StatusOK, map[string]string{"reply": reply, "model": o.model.Name})
}

func (o orchestrator) answer(ctx context.Context, message string) (string, error) {
	found, err := o.tools.Call(ctx, &toolspb.CallRequest{Tool: "words", Input: message})
	if err != nil {
		return "", fmt.Errorf("tools: %w", err)
	}
	return o.model.Complete(ctx, fmt.Sprintf("%s (%s words)", message, found.GetOutput()))
}
