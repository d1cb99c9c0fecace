package web

import (
	"fmt"
	"net/http"
	"os"
)

// AskSelf is how a container without a client looks whether its program lives.
func AskSelf(port string) error {
	response, err := http.Get("http://127.0.0.1:" + port + "/health/live")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not healthy: %s", response.Status)
	}
	return nil
}

func Env(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
