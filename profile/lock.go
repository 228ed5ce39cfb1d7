package profile

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"amarre/internal/atomicfile"
)

// indexLock is a lock on an index and on the items that it lists.
type indexLock struct {
	file   *atomicfile.FileLock // nil for a list in memory
	memory *index
}

func (l *indexLock) unlock() {
	if l.file != nil {
		l.file.Unlock()
		return
	}
	<-l.memory.inUse
}

// lock locks the index. It waits until ctx ends; the error is ClassBusy then, ClassList if
// the file cannot be locked.
func (x *index) lock(ctx context.Context) (*indexLock, error) {
	if x.path == "" {
		select {
		case x.inUse <- struct{}{}:
			return &indexLock{memory: x}, nil
		case <-ctx.Done():
			return nil, newError(ClassBusy, "lock the list", context.Cause(ctx))
		}
	}
	file, err := atomicfile.Lock(ctx, x.lockFile())
	switch {
	case err == nil:
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return nil, newError(ClassBusy, "lock the list", err)
	default:
		return nil, newError(ClassList, "lock the list", err)
	}
	atomicfile.RemoveTemporaries(x.path)
	return &indexLock{file: file}, nil
}

// tryLock is lock without the wait: the error is ClassBusy if somebody else has the lock.
func (x *index) tryLock() (*indexLock, error) {
	if x.path == "" {
		select {
		case x.inUse <- struct{}{}:
			return &indexLock{memory: x}, nil
		default:
			return nil, newError(ClassBusy, "lock the list", nil)
		}
	}
	file, err := atomicfile.TryLock(x.lockFile())
	switch {
	case err != nil:
		return nil, newError(ClassList, "lock the list", err)
	case file == nil:
		return nil, newError(ClassBusy, "lock the list", nil)
	}
	return &indexLock{file: file}, nil
}

func (x *index) lockFile() string { return x.path + ".lock" }

// removeFolder deletes the folder of the index with the files in it, and gives the lock
// up. A program that has made the folder again meanwhile keeps its own.
func (x *index) removeFolder(lock *indexLock) error {
	if x.path == "" {
		defer lock.unlock()
		return x.write(listing{})
	}
	dir := filepath.Dir(x.path)
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if entry.Name() != filepath.Base(x.lockFile()) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, entry.Name())))
		}
	}
	if err != nil {
		lock.unlock()
		return newError(ClassList, "delete the list", err)
	}
	lock.file.Remove()
	_ = os.Remove(dir)
	return nil
}
