// A stand-in for Ollama in tests of deployments: it answers the paths that health checks, set-up steps and clients
// use, and remembers which models were "pulled" under OLLAMA_MODELS. It holds no model: what it is asked, it repeats.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

type model struct {
	Name string `json:"name"`
}

type tags struct {
	Models []model `json:"models"`
}

// The file holds the models that were pulled, so that a volume can be seen to outlive its container.
type server struct {
	mu   sync.Mutex
	file string
}

func (s *server) read() tags {
	known := tags{Models: []model{}}
	if data, err := os.ReadFile(s.file); err == nil {
		_ = json.Unmarshal(data, &known)
	}
	return known
}

func (s *server) list(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s.read())
}

func (s *server) pull(w http.ResponseWriter, r *http.Request) {
	var wanted struct {
		Model, Name string
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&wanted); err != nil {
		http.Error(w, `{"error":"invalid request"}`, http.StatusBadRequest)
		return
	}
	name := wanted.Model
	if name == "" {
		name = wanted.Name
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.read()
	known.Models = append(known.Models, model{name})
	data, _ := json.Marshal(known)
	if err := os.WriteFile(s.file, data, 0o644); err != nil {
		http.Error(w, fmt.Sprintf(`{"error":%q}`, err), http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, `{"status":"success"}`)
}

// show and generate refuse a model that was not pulled, as the real ones do.
func (s *server) show(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.wanted(w, r); ok {
		fmt.Fprintln(w, `{"details":{"format":"gguf"}}`)
	}
}

func (s *server) generate(w http.ResponseWriter, r *http.Request) {
	if asked, ok := s.wanted(w, r); ok {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"model": asked.Model, "response": "Echo: " + asked.Prompt, "done": true})
	}
}

type question struct {
	Model, Prompt string
}

func (s *server) wanted(w http.ResponseWriter, r *http.Request) (question, bool) {
	var asked question
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&asked); err != nil {
		http.Error(w, `{"error":"invalid request"}`, http.StatusBadRequest)
		return asked, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.read().Models, model{asked.Model}) {
		http.Error(w, fmt.Sprintf(`{"error":%q}`, "model "+asked.Model+" not found"), http.StatusNotFound)
		return asked, false
	}
	return asked, true
}

func serve() error {
	dir := os.Getenv("OLLAMA_MODELS")
	if dir == "" {
		dir = filepath.Join(os.Getenv("HOME"), ".ollama", "models")
	}
	// Like the real one, it needs a folder that it may write.
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	s := &server{file: filepath.Join(dir, "pulled.json")}
	http.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Ollama is running") })
	http.HandleFunc("GET /api/tags", s.list)
	http.HandleFunc("POST /api/pull", s.pull)
	http.HandleFunc("POST /api/show", s.show)
	http.HandleFunc("POST /api/generate", s.generate)
	return http.ListenAndServe(os.Getenv("OLLAMA_HOST"), nil)
}

func request(method, path, body string) error {
	_, port, err := net.SplitHostPort(os.Getenv("OLLAMA_HOST"))
	if err != nil {
		return err
	}
	r, err := http.NewRequest(method, "http://127.0.0.1:"+port+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(os.Stdout, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", answer.Status)
	}
	return nil
}

func main() {
	log.SetFlags(0)
	var err error
	switch arguments := os.Args[1:]; {
	case len(arguments) == 1 && arguments[0] == "serve":
		err = serve()
	case len(arguments) == 1 && arguments[0] == "list":
		err = request(http.MethodGet, "/api/tags", "")
	case len(arguments) == 2 && arguments[0] == "pull":
		err = request(http.MethodPost, "/api/pull", fmt.Sprintf(`{"model":%q}`, arguments[1]))
	default:
		err = fmt.Errorf("usage: ollama serve|list|pull MODEL (a stand-in for tests)")
	}
	if err != nil {
		log.Fatal(err)
	}
}
