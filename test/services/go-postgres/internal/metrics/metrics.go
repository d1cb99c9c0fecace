// Package metrics keeps the ai_* family and writes it in Prometheus' text format.
// It is written by hand so that the service builds without a network.
package metrics

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300}

type histogram struct {
	buckets []uint64 // not yet cumulated
	sum     float64
	count   uint64
}

// Registry is safe for concurrent use.
type Registry struct {
	mu          sync.Mutex
	requests    map[[2]string]uint64 // endpoint, status
	durations   map[string]*histogram
	tokens      map[string]uint64
	errors      map[string]uint64
	active      int
	disconnects uint64
}

// New lists the series a dashboard asks for from the start, so that a rate is 0 and not absent.
func New(endpoints, errorTypes []string) *Registry {
	r := &Registry{
		requests:  map[[2]string]uint64{},
		durations: map[string]*histogram{},
		tokens:    map[string]uint64{"input": 0, "output": 0},
		errors:    map[string]uint64{},
	}
	for _, endpoint := range endpoints {
		r.requests[[2]string{endpoint, "200"}] = 0
		r.durations[endpoint] = newHistogram()
	}
	for _, kind := range errorTypes {
		r.errors[kind] = 0
	}
	return r
}

func newHistogram() *histogram {
	return &histogram{buckets: make([]uint64, len(bounds))}
}

// Begin counts a request as active; the returned function ends it with its status.
func (r *Registry) Begin(endpoint string) (end func(status int)) {
	start := time.Now()
	r.change(func() { r.active++ })
	return func(status int) {
		seconds := time.Since(start).Seconds()
		r.change(func() {
			r.active--
			r.requests[[2]string{endpoint, strconv.Itoa(status)}]++
			if r.durations[endpoint] == nil {
				r.durations[endpoint] = newHistogram()
			}
			r.durations[endpoint].observe(seconds)
		})
	}
}

func (h *histogram) observe(seconds float64) {
	h.sum += seconds
	h.count++
	if i, _ := slices.BinarySearch(bounds, seconds); i < len(bounds) {
		h.buckets[i]++
	}
}

func (r *Registry) Tokens(direction string, n int) {
	r.change(func() { r.tokens[direction] += uint64(n) })
}

func (r *Registry) Error(kind string) { r.change(func() { r.errors[kind]++ }) }
func (r *Registry) Disconnect()       { r.change(func() { r.disconnects++ }) }

func (r *Registry) change(apply func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	apply()
}

func (r *Registry) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	r.mu.Lock()
	defer r.mu.Unlock()

	describe(w, "ai_requests_total", "counter", "Requests by endpoint and status.")
	for _, key := range slices.SortedFunc(maps.Keys(r.requests), comparePairs) {
		fmt.Fprintf(w, "ai_requests_total{endpoint=%q,status=%q} %d\n", key[0], key[1], r.requests[key])
	}
	describe(w, "ai_request_duration_seconds", "histogram", "Time from the request to its last byte.")
	for _, endpoint := range slices.Sorted(maps.Keys(r.durations)) {
		r.durations[endpoint].write(w, endpoint)
	}
	describe(w, "ai_tokens_total", "counter", "Tokens by direction.")
	writeByLabel(w, "ai_tokens_total", "direction", r.tokens)
	describe(w, "ai_active_requests", "gauge", "Requests in flight.")
	fmt.Fprintf(w, "ai_active_requests %d\n", r.active)
	describe(w, "ai_errors_total", "counter", "Errors by type.")
	writeByLabel(w, "ai_errors_total", "type", r.errors)
	describe(w, "ai_stream_disconnects_total", "counter", "Streams whose client left before the end.")
	fmt.Fprintf(w, "ai_stream_disconnects_total %d\n", r.disconnects)
}

func (h *histogram) write(w io.Writer, endpoint string) {
	const name = "ai_request_duration_seconds"
	var below uint64
	for i, bound := range bounds {
		below += h.buckets[i]
		fmt.Fprintf(w, "%s_bucket{endpoint=%q,le=\"%g\"} %d\n", name, endpoint, bound, below)
	}
	fmt.Fprintf(w, "%s_bucket{endpoint=%q,le=\"+Inf\"} %d\n", name, endpoint, h.count)
	fmt.Fprintf(w, "%s_sum{endpoint=%q} %g\n", name, endpoint, h.sum)
	fmt.Fprintf(w, "%s_count{endpoint=%q} %d\n", name, endpoint, h.count)
}

func describe(w io.Writer, name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func writeByLabel(w io.Writer, name, label string, values map[string]uint64) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(w, "%s{%s=%q} %d\n", name, label, key, values[key])
	}
}

func comparePairs(a, b [2]string) int { return slices.Compare(a[:], b[:]) }
