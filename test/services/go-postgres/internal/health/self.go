package health

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"example.com/chatbot/internal/config"
)

// AskSelf is the container's health command: a scratch image has no other client.
func AskSelf(cfg config.Config) error {
	host := cfg.Host
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	client := http.Client{Timeout: 3 * time.Second}
	response, err := client.Get("http://" + net.JoinHostPort(host, strconv.Itoa(cfg.Port)) + "/health/live")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("/health/live answered %s", response.Status)
	}
	return nil
}
