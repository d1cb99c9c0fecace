// Command fake-llm stands in for a model's provider: the same API, no cost, and it misbehaves on demand.
// `fake-llm health` asks a running one whether it lives.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	host, port := envOr("HOST", "0.0.0.0"), envOr("PORT", "9099")
	if len(os.Args) > 1 && os.Args[1] == "health" {
		if err := askSelf(port); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	behaviour, err := behaviourFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	p := &provider{behaviour: behaviour, initial: behaviour, apiKey: os.Getenv("API_KEY")}
	if err := serve(net.JoinHostPort(host, port), p.routes()); err != nil {
		log.Fatal(err)
	}
}

// serve ends at once on a signal: whether a service survives that is the service's test.
func serve(address string, handler http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	log.Printf("fake-llm listening on %s", address)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func askSelf(port string) error {
	client := http.Client{Timeout: 3 * time.Second}
	response, err := client.Get("http://" + net.JoinHostPort("127.0.0.1", port) + "/health/live")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return nil
}

func envOr(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
