//go:build unix

package fileperm

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestAdminOnly(t *testing.T) {
	path, me := filepath.Join(t.TempDir(), "file"), uint32(os.Getuid())
	for mode, want := range map[os.FileMode]bool{0o644: true, 0o600: true, 0o444: true, 0o664: false, 0o646: false, 0o777: false} {
		write(t, path, "", mode)
		if got, err := onlyUserWrites(me, path); got != want || err != nil {
			t.Errorf("mode %o: %v, %v; want %v", mode, got, err, want)
		}
		if got, _ := onlyUserWrites(me+1, path); got {
			t.Errorf("mode %o: a file of mine passes for another's", mode)
		}
	}
	if got, err := AdminOnly(filepath.Join(path, "nothing")); got || err == nil {
		t.Errorf("a path that is not there: %v, %v", got, err)
	}
	if got, err := AdminOnly("/"); !got || err != nil {
		t.Errorf("the root of the system: %v, %v", got, err)
	}
}

// write writes a file with exactly this mode.
func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
}

// below are the checks with this user in place of the administrators, for what is below a
// folder; who can write the folders above it does not matter.
func below(base string) checks {
	c := userChecks(uint32(os.Getuid()))
	replaceIn := c.replaceIn
	c.replaceIn = func(folder string) (bool, error) {
		if !strings.HasPrefix(folder, base) {
			return true, nil
		}
		return replaceIn(folder)
	}
	return c
}

// tree makes the folders a, a/b and c with their files, and returns its own, without links.
func tree(t *testing.T) string {
	t.Helper()
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"", "a", "a/b", "c"} {
		path := filepath.Join(base, folder)
		if err := errors.Join(os.MkdirAll(path, 0o700), os.Chmod(path, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(base, "a/b/file"), "of b", 0o644)
	write(t, filepath.Join(base, "c/file"), "of c", 0o644)
	return base
}

// TestOpenChecksEveryFolder: who can write to any folder on the way, up to the root and
// through links, can put another file in the place of the one that is opened.
func TestOpenChecksEveryFolder(t *testing.T) {
	type links map[string]string // from a path below base to its target
	for name, c := range map[string]struct {
		open  string
		links links
		mode  map[string]os.FileMode
		want  string // what is read; "" for ErrUntrusted
	}{
		"trusted":                        {open: "a/b/file", want: "of b"},
		"dots":                           {open: "a/./b/../../c//file", want: "of c"},
		"the file":                       {open: "a/b/file", mode: map[string]os.FileMode{"a/b/file": 0o666}},
		"its group":                      {open: "a/b/file", mode: map[string]os.FileMode{"a/b/file": 0o664}},
		"its folder":                     {open: "a/b/file", mode: map[string]os.FileMode{"a/b": 0o777}},
		"the folder above":               {open: "a/b/file", mode: map[string]os.FileMode{"a": 0o775}},
		"the first folder":               {open: "a/b/file", mode: map[string]os.FileMode{"": 0o757}},
		"a sticky folder above":          {open: "a/b/file", mode: map[string]os.FileMode{"a": os.ModeSticky | 0o777}},
		"a link":                         {open: "a/link", links: links{"a/link": "../c/file"}, want: "of c"},
		"a link from where others write": {open: "a/link", links: links{"a/link": "../c/file"}, mode: map[string]os.FileMode{"a": 0o777}},
		"a link to where others write":   {open: "a/link", links: links{"a/link": "../c/file"}, mode: map[string]os.FileMode{"c": 0o777}},
		"a linked folder":                {open: "a/link/file", links: links{"a/link": "$/c"}, want: "of c"},
		"a linked folder that others write": {open: "a/link/file", links: links{"a/link": "$/c"},
			mode: map[string]os.FileMode{"c": 0o777}},
		"a link by way of where others write": {open: "a/link/file", links: links{"a/link": "../c/back", "c/back": "../a/b"},
			mode: map[string]os.FileMode{"c": 0o777}},
		"back out of a linked folder": {open: "c/link/../b/file", links: links{"c/link": "../a/b"}, want: "of b"},
	} {
		t.Run(name, func(t *testing.T) {
			base := tree(t)
			for from, to := range c.links {
				if err := os.Symlink(strings.ReplaceAll(to, "$", base), filepath.Join(base, from)); err != nil {
					t.Fatal(err)
				}
			}
			for path, mode := range c.mode {
				if err := os.Chmod(filepath.Join(base, path), mode); err != nil {
					t.Fatal(err)
				}
			}
			file, err := open(base+"/"+c.open, below(base))
			if c.want == "" {
				if !errors.Is(err, ErrUntrusted) {
					t.Fatalf("%v, want ErrUntrusted", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if content, err := io.ReadAll(file); string(content) != c.want || err != nil {
				t.Errorf("read %q, %v; want %q", content, err, c.want)
			}
		})
	}
}

// TestOpenOfAnotherUser: a folder of another user's is untrusted whatever its mode.
func TestOpenOfAnotherUser(t *testing.T) {
	base := tree(t)
	c := below(base)
	mine := c.replaceIn
	c.replaceIn = func(folder string) (bool, error) {
		if folder == filepath.Join(base, "a") {
			return onlyUserWrites(uint32(os.Getuid())+1, folder)
		}
		return mine(folder)
	}
	if file, err := open(filepath.Join(base, "a/b/file"), c); !errors.Is(err, ErrUntrusted) {
		t.Errorf("below another user's folder: %v, %v", file, err)
	}
	if err := os.Chmod(filepath.Join(base, "a"), 0o777); err != nil {
		t.Fatal(err)
	}
	if file, err := Open(filepath.Join(base, "a/b/file")); !errors.Is(err, ErrUntrusted) {
		t.Errorf("below a folder that all may write: %v, %v", file, err)
	}
	file, err := Open("/etc/passwd") // macOS: through the link /etc
	if err != nil {
		t.Fatalf("a file of the system's: %v", err)
	}
	_ = file.Close()
}

// TestOpenAsksForLinks: where links can be changed in place, they are checked too.
func TestOpenAsksForLinks(t *testing.T) {
	base := tree(t)
	link := filepath.Join(base, "link")
	if err := os.Symlink("a/b", link); err != nil {
		t.Fatal(err)
	}
	c := below(base)
	c.retarget = func(name string) (bool, error) { return name != link, nil }
	if file, err := open(filepath.Join(link, "file"), c); !errors.Is(err, ErrUntrusted) {
		t.Errorf("through a link that others can change: %v, %v", file, err)
	}
}

// TestOpenWhatIsNoFile: what is missing is told from what leads nowhere, and what is no
// regular file is neither opened nor waited for.
func TestOpenWhatIsNoFile(t *testing.T) {
	base := tree(t)
	at := func(name string) string { return filepath.Join(base, name) }
	for _, err := range []error{
		os.Symlink("nothing", at("dangling")), os.Symlink("loop", at("loop")), os.Symlink("/dev/zero", at("zero")),
		syscall.Mkfifo(at("pipe"), 0o644), os.Mkdir(at("open"), 0o755), os.Chmod(at("open"), 0o777),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]error{
		"nothing": fs.ErrNotExist, "none/nothing": fs.ErrNotExist, "open/nothing": fs.ErrNotExist, "a/b/file/x": syscall.ENOTDIR,
		"pipe": ErrNotRegular, "a/b": ErrNotRegular, "zero": ErrNotRegular, "loop": syscall.ELOOP,
	} {
		if file, err := open(at(name), below(base)); !errors.Is(err, want) {
			t.Errorf("%s: %v, %v; want %v", name, file, err, want)
		}
	}
	for _, name := range []string{"dangling", "dangling/file"} {
		if file, err := open(at(name), below(base)); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, %v; want an error other than fs.ErrNotExist", name, file, err)
		}
	}
	if file, err := Open("etc/passwd"); err == nil {
		t.Errorf("a relative path: %v", file)
	}
}
