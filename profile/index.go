package profile

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"amarre/authclient"
	"amarre/internal/atomicfile"
)

const (
	indexName    = "profiles.json"
	indexVersion = 1
	maxIndex     = 64 << 20 // bytes: some 100,000 profiles
	// lockWait is how long a change that needs no keyring waits for another Amarre,
	// which may be asking the user to unlock the keyring.
	lockWait  = 5 * time.Second
	lockRetry = 5 * time.Millisecond
)

// index is the file that lists the profiles, without secrets. Several programs
// may use it: each change happens under a lock, on what the file holds then.
//
// Reading and encoding a thousand profiles takes longer than a keyring call, so
// that what this program knows of the file is remembered: the file begins with a
// revision that every change makes anew.
type index struct {
	path string

	mu    sync.Mutex
	known snapshot
}

// snapshot is what was read or written last.
type snapshot struct {
	head  []byte // how the file begins, with its revision; nil for nothing known
	size  int64
	at    time.Time
	list  listing
	lines map[string]line // by ID
}

// line is an encoded profile.
type line struct {
	profile Profile
	text    []byte
}

// headSize is how much of the file tells one revision from another.
const headSize = 64

// listing is what the file holds.
type listing struct {
	profiles []Profile
	// unsearched says that the keyring may hold profiles that the file does not
	// list: there was no file.
	unsearched bool
}

// Why the index calls for Store.Rebuild.
var (
	errIndexUnreadable = errors.New("not an index of this version")
	errUnsearched      = errors.New("there was no index")
)

// read returns what the file holds; an unsearched listing of nothing if there is
// no file. The listing is the caller's.
func (x *index) read() (listing, error) {
	file, err := os.Open(x.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return listing{unsearched: true}, nil
	case err != nil:
		return listing{}, indexError("read the list", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return listing{}, indexError("read the list", err)
	}
	head := make([]byte, headSize)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return listing{}, indexError("read the list", err)
	}
	head = head[:n]
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.known.head != nil && bytes.Equal(head, x.known.head) && info.Size() == x.known.size && info.ModTime().Equal(x.known.at) {
		return x.known.list.clone(), nil
	}
	rest, err := io.ReadAll(io.LimitReader(file, maxIndex+1))
	if err != nil {
		return listing{}, indexError("read the list", err)
	}
	list, err := parseIndex(append(head[:n:n], rest...))
	if err != nil {
		return listing{}, indexError("read the list", err)
	}
	x.known = snapshot{head: head, size: info.Size(), at: info.ModTime(), list: list.clone(), lines: x.known.lines}
	return list, nil
}

// indexFile is the content of an index file.
type indexFile struct {
	Version    int       `json:"version"`
	Unsearched bool      `json:"unsearched"`
	Profiles   []Profile `json:"profiles"`
}

// How the profiles begin and end in a file that encode wrote.
const (
	indexList = "\"profiles\": ["
	indexEnd  = "\n]\n}\n"
)

// parseInParts parses the profiles of a file that encode wrote on several goroutines.
// It reports false for any other file, which is parsed as a whole. What it parses has
// the same meaning then: two lists that are valid are one that is valid.
func parseInParts(content []byte) (file indexFile, ok bool) {
	at := bytes.Index(content, []byte(indexList))
	if at < 0 || !bytes.HasSuffix(content, []byte(indexEnd)) {
		return indexFile{}, false
	}
	head, list := content[:at+len(indexList)], content[at+len(indexList):len(content)-len(indexEnd)]
	if json.Unmarshal(append(slices.Clone(head), indexEnd...), &file) != nil {
		return indexFile{}, false
	}
	lines := bytes.Split(list, []byte(",\n"))
	file.Profiles = make([]Profile, len(lines))
	var failed atomic.Bool
	inParallel(len(lines), func(from, to int) {
		part := append([]byte{'['}, bytes.Join(lines[from:to], []byte(","))...)
		var profiles []Profile
		if json.Unmarshal(append(part, ']'), &profiles) != nil || len(profiles) != to-from {
			failed.Store(true)
			return
		}
		copy(file.Profiles[from:], profiles)
	})
	if failed.Load() {
		return indexFile{}, false
	}
	return file, true
}

// parseIndex reads the content of an index file, which may be from anybody. The
// error is errIndexUnreadable.
func parseIndex(content []byte) (listing, error) {
	if len(content) > maxIndex {
		return listing{}, errIndexUnreadable
	}
	file, ok := parseInParts(content)
	if !ok && json.Unmarshal(content, &file) != nil || file.Version != indexVersion {
		return listing{}, errIndexUnreadable
	}
	seen := make(map[string]bool, len(file.Profiles))
	services := map[string]bool{} // parsing is slow
	for _, p := range file.Profiles {
		if !services[p.Service] {
			_, err := authclient.ParseAddress(p.Service)
			services[p.Service] = err == nil
		}
		if seen[p.ID] || !services[p.Service] || !p.validBut() {
			return listing{}, errIndexUnreadable
		}
		seen[p.ID] = true
	}
	return listing{file.Profiles, file.Unsearched}, nil
}

// encode returns the content of an index file, one profile a line. lines are
// those of an earlier one, which are used again where nothing has changed.
func (l listing) encode(lines map[string]line) ([]byte, map[string]line, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"version\": %d,\n\"revision\": %q,\n", indexVersion, rand.Text())
	if l.unsearched {
		b.WriteString("\"unsearched\": true,\n")
	}
	b.WriteString(indexList)
	encoded := make(map[string]line, len(l.profiles))
	for i, p := range l.profiles {
		each, ok := lines[p.ID]
		if !ok || each.profile != p {
			text, err := json.Marshal(p)
			if err != nil {
				return nil, nil, indexError("write the list", err)
			}
			each = line{p, text}
		}
		encoded[p.ID] = each
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(each.text)
	}
	b.WriteString(indexEnd)
	return b.Bytes(), encoded, nil
}

// change is a new content of the file that is not yet in its place.
type change struct {
	index   *index
	pending *atomicfile.Pending
	next    snapshot
}

// prepare writes what is to become the file. The caller holds the lock.
func (x *index) prepare(l listing) (*change, error) {
	x.mu.Lock()
	lines := x.known.lines
	x.mu.Unlock()
	content, lines, err := l.encode(lines)
	if err != nil {
		return nil, err
	}
	pending, err := atomicfile.Prepare(x.path, content)
	if err != nil {
		return nil, indexError("write the list", err)
	}
	head := bytes.Clone(content[:min(len(content), headSize)])
	return &change{x, pending, snapshot{head: head, size: int64(len(content)), list: l.clone(), lines: lines}}, nil
}

// write replaces the file. The caller holds the lock.
func (x *index) write(l listing) error {
	c, err := x.prepare(l)
	if err != nil {
		return err
	}
	return c.commit()
}

// commit puts what prepare wrote in the file's place. The caller holds the lock.
func (c *change) commit() error {
	if err := c.pending.Commit(); err != nil {
		return indexError("write the list", err)
	}
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	c.index.known = snapshot{lines: c.next.lines}
	if info, err := os.Stat(c.index.path); err == nil && info.Size() == c.next.size {
		c.next.at = info.ModTime()
		c.index.known = c.next
	}
	return nil
}

// discard forgets what prepare wrote.
func (c *change) discard() { c.pending.Discard() }

// locked calls f with what the file holds while no other program changes the
// index or an item. It waits for as long as ctx lasts; the error is ErrBusy, or
// that of the file or of f. A file that is not an index is left alone:
// Store.Rebuild sets it aside.
func (x *index) locked(ctx context.Context, f func(listing) error) error {
	return x.exclusive(ctx, func() error {
		list, err := x.read()
		if err != nil {
			return err
		}
		return f(list)
	})
}

// exclusive is locked without reading the file.
func (x *index) exclusive(ctx context.Context, f func() error) error {
	if err := os.MkdirAll(filepath.Dir(x.path), 0o700); err != nil {
		return indexError("lock the list", err)
	}
	lock := flock.New(x.path+".lock", flock.SetPermissions(0o600))
	ok, err := lock.TryLockContext(ctx, lockRetry)
	switch {
	case ok:
	case err == nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return &storeError{class: ErrBusy, doing: "lock the list", cause: err}
	default:
		return indexError("lock the list", err)
	}
	defer func() { _ = lock.Unlock() }()
	atomicfile.RemoveTemporaries(x.path)
	return f()
}

// clone returns a listing that the caller may change.
func (l listing) clone() listing { return listing{slices.Clone(l.profiles), l.unsearched} }

// find returns the profile of an ID, nil if there is none.
func (l listing) find(id string) *Profile {
	for i := range l.profiles {
		if l.profiles[i].ID == id {
			return &l.profiles[i]
		}
	}
	return nil
}

// with returns a listing in which p replaces the profile of its ID, or comes
// last. l is not changed.
func (l listing) with(p Profile) listing {
	profiles := make([]Profile, 0, len(l.profiles)+1)
	replaced := false
	for _, each := range l.profiles {
		if each.ID == p.ID {
			each, replaced = p, true
		}
		profiles = append(profiles, each)
	}
	if !replaced {
		profiles = append(profiles, p)
	}
	return listing{profiles, l.unsearched}
}

// without returns a listing without the profile of an ID. l is not changed.
func (l listing) without(id string) listing {
	profiles := make([]Profile, 0, len(l.profiles))
	for _, each := range l.profiles {
		if each.ID != id {
			profiles = append(profiles, each)
		}
	}
	return listing{profiles, l.unsearched}
}

// unique returns ErrDuplicate if p is the credential of another profile.
func unique(profiles []Profile, p Profile) error {
	for _, other := range profiles {
		if other.ID != p.ID && other.Same(p) {
			return &storeError{class: ErrDuplicate, doing: "save the profile"}
		}
	}
	return nil
}
