package atomicfile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amarre/internal/atomicfile"
)

// TestOneHolderAtATime also while each holder deletes the file that others have opened.
func TestOneHolderAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "lock")
	var holders atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 150 {
				var lock *atomicfile.FileLock
				for lock == nil {
					var err error
					if lock, err = atomicfile.TryLock(path); err != nil {
						t.Errorf("lock: %v", err)
						return
					}
				}
				if held := holders.Add(1); held != 1 {
					t.Errorf("%d holders at once", held)
				}
				runtime.Gosched()
				holders.Add(-1)
				lock.Remove()
			}
		})
	}
	all.Wait()
}

func TestLockEndsWithTheContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	held, err := atomicfile.Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := atomicfile.TryLock(path); second != nil || err != nil {
		t.Errorf("a second lock: %v, %v; want none", second, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := atomicfile.Lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second lock: %v, want the end of the context", err)
	}
	held.Remove()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
}

// TestUnlockedIsFree at once, and the file stays.
func TestUnlockedIsFree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for range 3 {
		lock, err := atomicfile.TryLock(path)
		if lock == nil || err != nil {
			t.Fatalf("%v, %v; want the lock", lock, err)
		}
		lock.Unlock()
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if lock, err := atomicfile.Lock(ctx, path); lock != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v, %v", lock, err)
	}
}
