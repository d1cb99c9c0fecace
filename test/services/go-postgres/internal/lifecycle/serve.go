package lifecycle

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/chatbot/internal/config"
)

// goodbye is how long a stream has for its last event once the drain is out of time.
const goodbye = 2 * time.Second

// Serve runs until a signal has drained the public server. The metrics server (nil: there is none)
// answers to the very end, so that a drain can be watched.
func Serve(cfg config.Config, state *State, log *slog.Logger, public, metrics *http.Server) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)

	failed := make(chan error, 2)
	if metrics != nil {
		if err := listen(metrics, failed); err != nil {
			return err
		}
		defer metrics.Close()
	}
	if err := listen(public, failed); err != nil {
		return err
	}
	log.Info("listening", "address", public.Addr, "slow_start", cfg.SlowStart.String())
	time.AfterFunc(cfg.SlowStart, func() { state.started.Store(true) })

	select {
	case err := <-failed:
		return err
	case sig := <-signals:
		signal.Stop(signals) // a second signal ends the program at once
		log.Info("received shutdown signal", "signal", sig.String())
		return drain(cfg, state, log, public)
	}
}

func listen(server *http.Server, failed chan<- error) error {
	listener, err := net.Listen("tcp", server.Addr)
	if err != nil {
		return err
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return nil
}

func drain(cfg config.Config, state *State, log *slog.Logger, public *http.Server) error {
	state.draining.Store(true)
	time.Sleep(cfg.DrainDelay) // load balancers see the 503 of /health/ready and send nothing new

	log.Info("stopping HTTP server")
	close(state.stopping)
	time.AfterFunc(cfg.ShutdownTimeout, func() { close(state.streamsEnd) })
	deadline, cancel := context.WithTimeout(context.Background(), cfg.ShutdownTimeout+goodbye)
	defer cancel()

	log.Info("waiting for in-flight requests", "count", state.inFlight.Load())
	err := public.Shutdown(deadline)
	if err == nil {
		err = state.waitIdle(deadline) // Shutdown forgets hijacked connections: the WebSockets
	}
	if err != nil {
		log.Warn("in-flight requests abandoned", "count", state.inFlight.Load())
		public.Close()
	}

	log.Info("flushing telemetry")
	log.Info("shutdown complete")
	return nil
}

func (s *State) waitIdle(deadline context.Context) error {
	for s.inFlight.Load() > 0 {
		select {
		case <-deadline.Done():
			return deadline.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}
