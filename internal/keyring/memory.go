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

func (m *memory) Set(item Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[item.Name] = item.Text
	return nil
}

func (m *memory) Get(name string) (Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Item{Name: name, Text: m.items[name]}, nil // an empty text is a missing item
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

func (*memory) IsOpen(string) bool { return true }

func (*memory) Provider() string { return "" }
