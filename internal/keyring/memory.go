package keyring

import (
	"maps"
	"slices"
	"sync"
)

// Memory returns an empty keyring in memory. Its state is None.
func Memory() Backend { return &memory{items: map[string]string{}} }

type memory struct {
	mu    sync.Mutex
	items map[string]string
}

func (m *memory) Set(name, text string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[name] = text
	return nil
}

func (m *memory) Get(name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.items[name], nil // an empty text is a missing item
}

func (m *memory) Delete(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, name)
	return nil
}

func (m *memory) List() ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Keys(m.items)), nil
}

func (*memory) State() State { return None }
