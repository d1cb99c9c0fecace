// Command tools offers tools over gRPC. It speaks HTTP for probes alone; `tools health` asks a running one whether it lives.
package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"example.com/assistant/internal/toolspb"
	"example.com/assistant/internal/web"
)

// Set by -ldflags "-X main.version=…".
var (
	version   = "dev"
	commit    = "unknown"
	buildTime = "unknown"
)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", "tools")
	if err := command(log, web.Env("HTTP_PORT", "8081"), os.Args[1:]); err != nil {
		log.Error("tools failed", "error", err.Error())
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
	listener, err := net.Listen("tcp", ":"+web.Env("GRPC_PORT", "50051"))
	if err != nil {
		return err
	}
	states := health.NewServer()
	states.SetServingStatus(toolspb.Tools_ServiceDesc.ServiceName, healthpb.HealthCheckResponse_SERVING)
	server := grpc.NewServer()
	healthpb.RegisterHealthServer(server, states)
	toolspb.RegisterToolsServer(server, tools{})
	go server.Serve(listener)
	log.Info("serving gRPC", "address", listener.Addr().String())

	probes := web.New(web.Version{Version: version, Commit: commit, BuildTime: buildTime}, nil)
	return probes.Run(log, port, func(deadline context.Context) {
		states.Shutdown() // clients that look go elsewhere
		context.AfterFunc(deadline, server.Stop)
		server.GracefulStop()
	})
}

type tools struct {
	toolspb.UnimplementedToolsServer
}

func (tools) Call(_ context.Context, request *toolspb.CallRequest) (*toolspb.CallReply, error) {
	switch tool := request.GetTool(); tool {
	case "words":
		return &toolspb.CallReply{Output: strconv.Itoa(len(strings.Fields(request.GetInput())))}, nil
	default:
		return nil, status.Errorf(codes.NotFound, "there is no tool %q", tool)
	}
}
