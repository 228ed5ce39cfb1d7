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
