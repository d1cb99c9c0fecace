// Package lifecycle knows whether the service starts, runs or drains, and takes it from one to the next.
package lifecycle

import (
	"sync/atomic"
	"time"
)

// State is shared by the handlers, which read it, and by Serve, which moves it on.
type State struct {
	StartedAt time.Time

	started    atomic.Bool
	draining   atomic.Bool
	inFlight   atomic.Int64
	stopping   chan struct{}
	streamsEnd chan struct{}
}

func NewState() *State {
	return &State{StartedAt: time.Now(), stopping: make(chan struct{}), streamsEnd: make(chan struct{})}
}

func (s *State) Started() bool  { return s.started.Load() }
func (s *State) Draining() bool { return s.draining.Load() }

// Stopping is closed when no new connection is accepted any more.
func (s *State) Stopping() <-chan struct{} { return s.stopping }

// StreamsEnd is closed when the drain is out of time: what still streams says goodbye now.
func (s *State) StreamsEnd() <-chan struct{} { return s.streamsEnd }

// Enter counts a request in flight until the returned function is called.
func (s *State) Enter() (leave func()) {
	s.inFlight.Add(1)
	return func() { s.inFlight.Add(-1) }
}
