// Package config reads every setting from the environment, once, and refuses to start on a bad one.
package config

import "time"

type Config struct {
	Service     string
	Host        string
	Port        int
	MetricsPort int // equal to Port: metrics are served beside the API
	LogLevel    string

	RequestTimeout    time.Duration // of a whole request that does not stream
	LLMTimeout        time.Duration // of one call to the model that does not stream
	StreamIdleTimeout time.Duration // of the model's silence within a stream
	StreamMaxDuration time.Duration
	Heartbeat         time.Duration // between comments that keep proxies from closing a quiet stream
	KeepAliveTimeout  time.Duration // longer than a proxy's 75 s, so that the proxy closes first
	DrainDelay        time.Duration // unready, but still accepting
	ShutdownTimeout   time.Duration // from "stop accepting" to the last event of what still runs
	MaxRequestSize    int64

	LLMBaseURL string // empty: the built-in echo model
	LLMModel   string
	LLMAPIKey  string

	DatabaseURL      string // of the restricted role that serves requests
	DatabaseOwnerURL string // of the role that owns the tables; only migrations use it
	MigrateOnStart   bool
	OfflineTimeout   time.Duration // since an agent's last heartbeat

	// Switches that let a deployment test meet a broken release.
	FailStart  bool
	NeverReady bool
	FailChat   bool
	SlowStart  time.Duration
}

func Load() (Config, error) {
	var env reader
	port := env.number("PORT", 8080)
	databaseURL := env.text("DATABASE_URL", "postgres://localhost:5432/ai_agents")
	c := Config{
		Service:     env.text("SERVICE_NAME", "agents"),
		Host:        env.text("HOST", "0.0.0.0"),
		Port:        port,
		MetricsPort: env.number("METRICS_PORT", port),
		LogLevel:    env.text("LOG_LEVEL", "info"),

		RequestTimeout:    env.duration("REQUEST_TIMEOUT", 60*time.Second),
		LLMTimeout:        env.duration("LLM_TIMEOUT", 45*time.Second),
		StreamIdleTimeout: env.duration("STREAM_IDLE_TIMEOUT", 60*time.Second),
		StreamMaxDuration: env.duration("STREAM_MAX_DURATION", 5*time.Minute),
		Heartbeat:         env.duration("HEARTBEAT", 15*time.Second),
		KeepAliveTimeout:  env.duration("KEEPALIVE_TIMEOUT", 90*time.Second),
		DrainDelay:        env.duration("DRAIN_DELAY", 0),
		ShutdownTimeout:   env.duration("SHUTDOWN_TIMEOUT", 30*time.Second),
		MaxRequestSize:    int64(env.number("MAX_REQUEST_SIZE", 1<<20)),

		LLMBaseURL: env.text("LLM_BASE_URL", ""),
		LLMModel:   env.text("LLM_MODEL", "echo-1"),
		LLMAPIKey:  env.text("LLM_API_KEY", ""),

		DatabaseURL:      databaseURL,
		DatabaseOwnerURL: env.text("DATABASE_OWNER_URL", databaseURL),
		MigrateOnStart:   env.flag("MIGRATE_ON_START"),
		OfflineTimeout:   time.Duration(env.number("OFFLINE_TIMEOUT_SECONDS", 90)) * time.Second,

		FailStart:  env.flag("FAIL_START"),
		NeverReady: env.flag("NEVER_READY"),
		FailChat:   env.flag("FAIL_CHAT"),
		SlowStart:  env.duration("SLOW_START", 0),
	}
	return c, env.problem()
}
