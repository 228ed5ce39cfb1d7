package profile

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"

	"amarre/authclient"
	"amarre/internal/atomicfile"
)

const (
	indexName    = "profiles.json"
	indexVersion = 1
	maxIndex     = 64 << 20 // bytes: some 100,000 profiles
)

// index is the file that lists the profiles, without secrets. Several programs may use
// it: each changes it under a lock, on what it holds then. Without a path it is a list
// in memory.
type index struct {
	path string

	inUse  chan struct{} // the lock of a list in memory: it holds a value while it is taken
	mu     sync.Mutex    // guards memory
	memory listing
}

// newIndex returns the index in the file at path; "" is a list in memory.
func newIndex(path string) *index { return &index{path: path, inUse: make(chan struct{}, 1)} }

// listing is what the index holds.
type listing struct {
	profiles []Profile
	// keyringUnread says that there was no index, so that the keyring may hold profiles
	// that the listing does not.
	keyringUnread bool
	// noPasswords says that every item was read and none had a password, and that no
	// password was saved since.
	noPasswords bool
}

// Why the index calls for Store.Rebuild.
var (
	errIndexUnreadable = errors.New("not an index of this version")
	errKeyringUnread   = errors.New("there was no index")
)

// read returns what the index holds; a listing with keyringUnread if there is no file.
// The caller owns the listing.
func (x *index) read() (listing, error) {
	if x.path == "" {
		x.mu.Lock()
		defer x.mu.Unlock()
		return listing{profiles: slices.Clone(x.memory.profiles), noPasswords: x.memory.noPasswords}, nil
	}
	file, err := os.Open(x.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return listing{keyringUnread: true}, nil
	case err != nil:
		return listing{}, newError(ClassList, "read the list", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxIndex+1))
	if err != nil {
		return listing{}, newError(ClassList, "read the list", err)
	}
	list, err := parseIndex(content)
	if err != nil {
		return listing{}, newError(ClassList, "read the list", err)
	}
	return list, nil
}

// indexFile is the content of an index file.
type indexFile struct {
	Version int `json:"version"`
	// Revision is random: an earlier version of the program reads the file again when it
	// has changed.
	Revision   string    `json:"revision"`
	Unsearched bool      `json:"unsearched,omitempty"` // keyringUnread
	NoPassword bool      `json:"noPassword,omitempty"` // listing.noPasswords; an earlier version drops it
	Profiles   []Profile `json:"profiles"`
}

// parseIndex reads the content of an index file and trusts nothing in it. The error is
// errIndexUnreadable.
func parseIndex(content []byte) (listing, error) {
	var file indexFile
	if len(content) > maxIndex || json.Unmarshal(content, &file) != nil || file.Version != indexVersion {
		return listing{}, errIndexUnreadable
	}
	seen := make(map[string]bool, len(file.Profiles))
	services := map[string]bool{} // most profiles have the same few
	for i, p := range file.Profiles {
		file.Profiles[i] = p.dated()
		if !services[p.Service] {
			_, err := authclient.ParseAddress(p.Service)
			services[p.Service] = err == nil
		}
		if seen[p.ID] || !services[p.Service] || !p.validExceptService() {
			return listing{}, errIndexUnreadable
		}
		seen[p.ID] = true
	}
	return listing{file.Profiles, file.Unsearched, file.NoPassword}, nil
}

// encode returns the content of an index file, one profile a line.
func (l listing) encode() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"version\": %d,\n\"revision\": %q,\n", indexVersion, rand.Text())
	if l.keyringUnread {
		b.WriteString("\"unsearched\": true,\n")
	}
	if l.noPasswords {
		b.WriteString("\"noPassword\": true,\n")
	}
	b.WriteString("\"profiles\": [")
	for i, p := range l.profiles {
		text, err := json.Marshal(p)
		if err != nil {
			return nil, newError(ClassList, "write the list", err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(text)
	}
	b.WriteString("\n]\n}\n")
	return b.Bytes(), nil
}

// pendingIndex is a new content of the index that is not yet in its place.
type pendingIndex struct {
	index *index
	list  listing
	file  *atomicfile.Pending // nil in memory
}

// prepare writes what is to become the index. The caller holds the lock.
func (x *index) prepare(l listing) (*pendingIndex, error) {
	if x.path == "" {
		return &pendingIndex{index: x, list: l}, nil
	}
	content, err := l.encode()
	if err != nil {
		return nil, err
	}
	file, err := atomicfile.Prepare(x.path, content)
	if err != nil {
		return nil, newError(ClassList, "write the list", err)
	}
	return &pendingIndex{index: x, file: file}, nil
}

// rename puts what prepare wrote in the index's place. The caller holds the lock.
func (p *pendingIndex) rename() error {
	if p.file == nil {
		p.index.mu.Lock()
		defer p.index.mu.Unlock()
		p.index.memory = p.list
		return nil
	}
	if err := p.file.Commit(); err != nil {
		return newError(ClassList, "write the list", err)
	}
	return nil
}

// discard removes what prepare wrote.
func (p *pendingIndex) discard() {
	if p.file != nil {
		p.file.Discard()
	}
}

// write replaces the index. The caller holds the lock.
func (x *index) write(l listing) error {
	pending, err := x.prepare(l)
	if err != nil {
		return err
	}
	return pending.rename()
}

// find returns the profile of an ID, nil if there is none.
func (l listing) find(id string) *Profile {
	for i := range l.profiles {
		if l.profiles[i].ID == id {
			return &l.profiles[i]
		}
	}
	return nil
}

// with returns a listing in which each of added replaces the profile of its ID, or comes
// last. l is not changed.
func (l listing) with(added ...Profile) listing {
	profiles, noPasswords := slices.Clone(l.profiles), l.noPasswords
	for _, p := range added {
		noPasswords = noPasswords && !p.HasPassword
		if at := slices.IndexFunc(l.profiles, func(each Profile) bool { return each.ID == p.ID }); at >= 0 {
			profiles[at] = p
		} else {
			profiles = append(profiles, p)
		}
	}
	return listing{profiles, l.keyringUnread, noPasswords}
}

// without returns a listing without the profiles of IDs. l is not changed.
func (l listing) without(ids ...string) listing {
	gone := make(map[string]bool, len(ids))
	for _, id := range ids {
		gone[id] = true
	}
	profiles := slices.DeleteFunc(slices.Clone(l.profiles), func(each Profile) bool { return gone[each.ID] })
	return listing{profiles, l.keyringUnread, l.noPasswords}
}

// unique returns ClassDuplicate if p is the credential of another profile.
func unique(profiles []Profile, p Profile) error {
	for _, other := range profiles {
		if other.ID != p.ID && other.SameCredential(p) {
			return newError(ClassDuplicate, "save the profile", nil)
		}
	}
	return nil
}
