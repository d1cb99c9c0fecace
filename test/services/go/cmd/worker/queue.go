package main

import (
	"fmt"
	"os"
	"path/filepath"
)

type item struct {
	name           string
	done, giveBack func()
}

type queue interface {
	take() (*item, error) // nil when there is nothing to do now
}

func openQueue(dir string) queue {
	if dir == "" {
		return &ticker{}
	}
	return directory(dir)
}

// directory is a queue of *.json files. Renaming one claims it, so several workers may share the directory.
type directory string

func (d directory) take() (*item, error) {
	paths, err := filepath.Glob(filepath.Join(string(d), "*.json"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		claimed := path + ".claimed"
		if os.Rename(path, claimed) != nil {
			continue // another worker was faster
		}
		return &item{
			name:     filepath.Base(path),
			done:     func() { os.Remove(claimed) },
			giveBack: func() { os.Rename(claimed, path) },
		}, nil
	}
	return nil, nil
}

// ticker makes an item every second call, so that a worker without a queue still has work and pauses.
type ticker struct{ calls int }

func (t *ticker) take() (*item, error) {
	t.calls++
	if t.calls%2 == 0 {
		return nil, nil
	}
	return &item{name: fmt.Sprintf("tick-%d", t.calls/2+1), done: func() {}, giveBack: func() {}}, nil
}
