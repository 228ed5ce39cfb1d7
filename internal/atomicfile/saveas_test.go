package atomicfile_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"amarre/internal/atomicfile"
)

func TestSaveAs(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(os.WriteFile(at("old"), []byte("old"), 0o644), os.Mkdir(at("folder"), 0o700)); err != nil {
		t.Fatal(err)
	}
	type target struct {
		path    string
		replace bool
		want    error
	}
	targets := []target{
		{at("new"), false, nil},
		{at("old"), false, fs.ErrExist},
		{at("old"), true, nil},
		{at("folder"), true, atomicfile.ErrIsFolder},
		{at("folder") + string(filepath.Separator), true, atomicfile.ErrIsFolder},
		{at("none/x"), false, atomicfile.ErrNoFolder},
		{at("none") + string(filepath.Separator), false, atomicfile.ErrNoFolder},
		{at("old/x"), false, nil}, // an error of the system's own
		{"~/x", false, atomicfile.ErrNoFolder},
		{"", false, atomicfile.ErrNoFolder},
	}
	if runtime.GOOS == "windows" {
		targets = append(targets, target{os.DevNull, true, atomicfile.ErrNotRegular}, target{os.DevNull, false, atomicfile.ErrNotRegular})
	} else { // links need rights on Windows, and a device that a broken SaveAs replaces is lost to the machine
		socket, err := net.Listen("unix", at("socket"))
		if err != nil {
			t.Fatal(err)
		}
		defer socket.Close()
		targets = append(targets, target{at("socket"), true, atomicfile.ErrNotRegular}, target{at("socket"), false, atomicfile.ErrNotRegular})
		if err := errors.Join(os.Symlink("old", at("link")), os.Symlink("nowhere", at("dangling"))); err != nil {
			t.Fatal(err)
		}
		targets = append(targets, target{at("link"), false, fs.ErrExist}, target{at("link"), true, nil}, target{at("dangling"), true, atomicfile.ErrNotRegular})
	}
	for _, c := range targets {
		checked := atomicfile.CheckSaveAs(c.path, c.replace)
		err := atomicfile.SaveAs(c.path, []byte("data"), c.replace)
		if c.path == at("old/x") {
			if err == nil {
				t.Errorf("%s: saved below a file", c.path)
			}
			continue
		}
		if !errors.Is(err, c.want) || !errors.Is(checked, c.want) {
			t.Errorf("%q, replace %v: %v, before %v; want %v", c.path, c.replace, err, checked, c.want)
		}
		if content, readErr := os.ReadFile(c.path); err == nil && (readErr != nil || string(content) != "data") {
			t.Errorf("%q holds %q, %v", c.path, content, readErr)
		}
	}
	if info, err := os.Lstat(at("link")); runtime.GOOS != "windows" && (err != nil || info.Mode()&os.ModeSymlink == 0) {
		t.Errorf("the link is no longer one: %v", err)
	}
	if _, err := os.Stat("~"); err == nil {
		t.Error("a folder was made")
	}
}
