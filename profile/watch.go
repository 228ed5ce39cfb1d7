package profile

import (
	"context"
	"os"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// Watch calls changed each time that a program, this one too, has changed the
// list. It returns when ctx ends, or with the error that nothing can be watched.
// changed is called on the caller's goroutine.
func (s *Store) Watch(ctx context.Context, changed func()) error {
	if s.index.path == "" {
		return nil
	}
	dir := filepath.Dir(s.index.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return newError(ClassList, "watch the list", err)
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return newError(ClassList, "watch the list", err)
	}
	defer watcher.Close()
	if err := watcher.Add(dir); err != nil {
		return newError(ClassList, "watch the list", err)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case event, ok := <-watcher.Events:
			if !ok {
				return nil
			}
			// A replaced file is created; an edited one is written.
			if filepath.Base(event.Name) == indexName && event.Has(fsnotify.Create|fsnotify.Write|fsnotify.Remove|fsnotify.Rename) {
				changed()
			}
		case _, ok := <-watcher.Errors:
			if !ok {
				return nil
			}
		}
	}
}
