package profile

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// pollEvery is the time between two looks at the list where the system tells nothing.
	pollEvery = 3 * time.Second
	// watchAgainAfter is how many looks later the system is asked again.
	watchAgainAfter = 10
)

// Watch calls changed each time that a program, this one too, has changed the list. It
// returns when ctx ends. changed is called on the caller's goroutine. Where the system has
// no means to watch left (inotify has few instances a user), and after the folder was
// deleted, Watch looks every few seconds instead.
func (s *Store) Watch(ctx context.Context, changed func()) {
	if s.index.path == "" {
		return
	}
	_ = os.MkdirAll(filepath.Dir(s.index.path), 0o700) // not again: who deletes it wants it gone
	for ctx.Err() == nil {
		last := s.index.stamp()
		s.watch(ctx, changed)
		tick := time.NewTicker(s.pollEvery)
		for range watchAgainAfter {
			if now := s.index.stamp(); now != last {
				last = now
				changed()
			}
			select {
			case <-ctx.Done():
			case <-tick.C:
			}
			if ctx.Err() != nil {
				break
			}
		}
		tick.Stop()
	}
}

// watch is Watch until ctx ends, the folder is deleted, or nothing can be watched.
func (s *Store) watch(ctx context.Context, changed func()) {
	watcher, err := s.newWatcher()
	if err != nil {
		return
	}
	defer watcher.Close()
	dir := filepath.Dir(s.index.path)
	if watcher.Add(dir) != nil {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case event, ok := <-watcher.Events:
			if !ok {
				return
			}
			// A replaced file is created; an edited one is written.
			if filepath.Base(event.Name) == indexName && event.Has(fsnotify.Create|fsnotify.Write|fsnotify.Remove|fsnotify.Rename) {
				changed()
			}
			if event.Name == dir && event.Has(fsnotify.Remove|fsnotify.Rename) {
				return
			}
		case _, ok := <-watcher.Errors:
			if !ok {
				return
			}
		}
	}
}

// stamp is what a change of the file changes.
type stamp struct {
	at   time.Time
	size int64
}

// stamp returns the stamp of the file; the zero stamp if there is none.
func (x *index) stamp() stamp {
	info, err := os.Stat(x.path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}
