package profile

import (
	"context"
	"errors"
	"time"

	"github.com/fsnotify/fsnotify"
)

// ParseIndex reads an index file; EncodeIndex writes one.
func ParseIndex(content []byte) ([]Profile, error) {
	list, err := parseIndex(content)
	return list.profiles, err
}

func EncodeIndex(profiles []Profile) ([]byte, error) {
	return listing{profiles: profiles}.encode()
}

// Save saves a profile under its ID; it gets one if it has none.
func (s *Store) Save(ctx context.Context, p Profile, secrets Secrets) (Profile, error) {
	if p.ID == "" {
		p.ID = newID(p)
	}
	return s.insert(ctx, Entry{p, secrets})
}

// PollEvery makes Watch look so often, and without NoWatcher only where it must.
func (s *Store) PollEvery(d time.Duration) { s.pollEvery = d }

// WatcherAsked tells each time that Watch asks the system for a watcher.
func (s *Store) WatcherAsked(asked chan<- struct{}) {
	s.newWatcher = func() (*fsnotify.Watcher, error) {
		asked <- struct{}{}
		return fsnotify.NewWatcher()
	}
}

// NoWatcher makes a system that has no means to watch left.
func (s *Store) NoWatcher() {
	s.newWatcher = func() (*fsnotify.Watcher, error) { return nil, errors.New("no inotify instances left") }
}

// NewID makes the name of an item; SafeID reports whether one is safe on every system.
var (
	NewID  = newID
	SafeID = safeID
)
