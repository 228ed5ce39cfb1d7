package atomicfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"amarre/internal/atomicfile"
)

func TestWriteReplacesAndLeavesNothingElse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	path := filepath.Join(dir, "file.json")
	for _, content := range []string{"one", "a longer two", ""} {
		if err := atomicfile.Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != content {
			t.Fatalf("the file holds %q, %v; want %q", got, err, content)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v; want the file alone", entries, err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, %v; want 0600", info.Mode(), err)
	}
}

func TestWriteThatFailsKeepsTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil { // a rename over it fails
		t.Fatal(err)
	}
	if err := atomicfile.Write(path, []byte("x")); err == nil {
		t.Fatal("a folder was replaced by a file")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v; want no temporary file", entries, err)
	}
}

func TestSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	for range 3 {
		if err := os.WriteFile(path, []byte("bad"), 0o600); err != nil {
			t.Fatal(err)
		}
		aside, err := atomicfile.SetAside(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(aside); err != nil || string(got) != "bad" {
			t.Errorf("%s holds %q, %v", aside, got, err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("the bad file is still in place: %v", err)
		}
	}
}

// TestPrepare: nothing is in the file's place before Commit, and Discard leaves nothing.
func TestPrepare(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, commit := range []bool{false, true} {
		pending, err := atomicfile.Prepare(path, []byte("new"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(path); !os.IsNotExist(err) {
			t.Errorf("the file is there before: %v", err)
		}
		if commit {
			err = pending.Commit()
		}
		pending.Discard()
		content, readErr := os.ReadFile(path)
		if entries, _ := os.ReadDir(dir); err != nil || commit && string(content) != "new" || !commit && !os.IsNotExist(readErr) || (len(entries) == 1) != commit {
			t.Errorf("commit %v: %v, the file holds %q, %v; the folder %v", commit, err, content, readErr, entries)
		}
	}
}

// TestWriteBelowAFile says that there is no such folder.
func TestWriteBelowAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(filepath.Join(path, "below"), nil); err == nil {
		t.Error("a file was written below a file")
	}
	if lock, err := atomicfile.TryLock(filepath.Join(path, "below")); err == nil || lock != nil {
		t.Errorf("a lock below a file: %v, %v", lock, err)
	}
	if lock, err := atomicfile.Lock(t.Context(), filepath.Join(path, "below")); err == nil || lock != nil {
		t.Errorf("a lock below a file: %v, %v", lock, err)
	}
	if lock, err := atomicfile.TryLock(filepath.Dir(path)); err == nil || lock != nil {
		t.Errorf("a folder as a lock: %v, %v", lock, err)
	}
}

// TestWriteFollowsALink to the file, which is replaced where it is, and so are its
// temporary files.
func TestWriteFollowsALink(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	path, target := filepath.Join(dir, "link"), filepath.Join(elsewhere, "file")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		t.Skip(err) // Windows asks for a right
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Skip("the system makes something else of a link, as Wine does")
	}
	if err := atomicfile.Write(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(target); err != nil || string(content) != "new" {
		t.Errorf("the file holds %q, %v", content, err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if err := os.WriteFile(target+".1.tmp", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	atomicfile.RemoveTemporaries(path)
	if entries, err := os.ReadDir(elsewhere); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
	if err := os.Remove(target); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(path, []byte("new")); err != nil { // it leads nowhere, so it is replaced
		t.Error(err)
	}
}

// TestRemoveTemporaries removes those of one file and nothing else.
func TestRemoveTemporaries(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"file", "file.1.tmp", "file.22.tmp", "file.tmp", "file.bad-1", "other.1.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	atomicfile.RemoveTemporaries(filepath.Join(dir, "file"))
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 4 {
		t.Errorf("the folder holds %v, %v; want file, file.bad-1, file.tmp and other.1.tmp", entries, err)
	}
	atomicfile.RemoveTemporaries(filepath.Join(dir, "[")) // which is no pattern
}
