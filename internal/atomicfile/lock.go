package atomicfile

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockRetry is the time between two attempts at a lock.
const lockRetry = 5 * time.Millisecond

// FileLock is a lock that a file stands for. It keeps out other programs and other
// holders in this one, until [FileLock.Unlock] or the end of the program. Any goroutine
// may unlock it.
type FileLock struct{ lock *flock.Flock }

// Lock locks the file at path, which is made with its folder if it is missing. It waits
// until ctx ends; the error is that of ctx then.
func Lock(ctx context.Context, path string) (*FileLock, error) {
	for {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		lock, err := TryLock(path)
		if lock != nil || err != nil {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockRetry):
		}
	}
}

// TryLock is Lock without the wait: it returns nil and no error if somebody else has the
// lock.
func TryLock(path string) (*FileLock, error) {
	const tries = 100 // each time the holder before has deleted the file
	var refused error
	for range tries {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		lock := flock.New(path, flock.SetPermissions(0o600))
		ok, err := lock.TryLock()
		switch {
		case errors.Is(err, fs.ErrNotExist): // the folder was deleted
			continue
		case deletePending(err):
			refused = err
			continue
		case inUse(err):
			return nil, nil
		case err != nil || !ok:
			return nil, err
		}
		held, heldErr := lock.Stat()
		now, err := os.Stat(path)
		if heldErr == nil && err == nil && os.SameFile(held, now) {
			return &FileLock{lock}, nil
		}
		_ = lock.Unlock() // of a file that others no longer find
		if err := errors.Join(heldErr, err); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, refused
}

// Unlock gives the lock up.
func (l *FileLock) Unlock() { _ = l.lock.Unlock() }

// Remove deletes the file and gives the lock up. Who waits for it makes a new one.
func (l *FileLock) Remove() {
	err := os.Remove(l.lock.Path())
	l.Unlock()
	if err != nil { // Windows deletes no open file; if somebody has it by now, it stays
		_ = os.Remove(l.lock.Path())
	}
}
