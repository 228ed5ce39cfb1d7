package settings_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"amarre/internal/settings"
)

func change(t *testing.T, dir string, f func(*settings.Settings)) {
	t.Helper()
	if err := settings.Change(t.Context(), dir, f); err != nil {
		t.Fatal(err)
	}
}

func TestChangeLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "amarre")
	if got, err := settings.Load(dir); err != nil || !reflect.DeepEqual(got, settings.Settings{}) {
		t.Fatalf("a first start has %+v, %v", got, err)
	}
	want := settings.Settings{Language: "fr", Theme: settings.Dark, Service: "https://a.example", ClearSeconds: 60, Authorities: map[string]string{"https://a.example": "/ca.pem"}, Width: 900, Height: 600}
	change(t, dir, func(s *settings.Settings) { *s = want })
	if got, err := settings.Load(dir); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("loaded %+v, %v; want %+v", got, err, want)
	}
}

// TestChangesOfTwoWindows: each changes its own field of what the file holds then. What an
// earlier or a later version has written stays.
func TestChangesOfTwoWindows(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(settings.Path(dir), []byte("\ufeff"+`{"theme": "dark", "ofALaterVersion": {"x": [1]}, "clearSeconds": 20}`), 0o600); err != nil {
		t.Fatal(err)
	}
	one, two := settings.NewChanger(dir), settings.NewChanger(dir)
	for i := range 20 {
		one.Change(func(s *settings.Settings) { s.ClearSeconds = 20 + i })
		two.Change(func(s *settings.Settings) {
			if s.Authorities == nil {
				s.Authorities = map[string]string{}
			}
			s.Authorities[fmt.Sprint(i)] = "/ca.pem"
		})
	}
	one.Change(func(s *settings.Settings) { s.Theme = settings.Automatic })
	one.Close()
	two.Close()
	got, err := settings.Load(dir)
	if err != nil || got.ClearSeconds != 39 || len(got.Authorities) != 20 || got.Theme != settings.Automatic {
		t.Errorf("the settings are %+v, %v", got, err)
	}
	if content, err := os.ReadFile(settings.Path(dir)); err != nil || !strings.Contains(string(content), "ofALaterVersion") || strings.Contains(string(content), "theme") {
		t.Errorf("the file is %s, %v", content, err)
	}
}

// TestBadFileIsSetAsideAtAChange and not before: the user is told first.
func TestBadFileIsSetAsideAtAChange(t *testing.T) {
	for _, content := range []string{"", "{", "[]", "null", `{"width":"wide"}`} {
		dir := t.TempDir()
		path := settings.Path(dir)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := settings.Load(dir); !errors.Is(err, settings.ErrSyntax) || !reflect.DeepEqual(got, settings.Settings{}) {
			t.Errorf("%q gives %+v, %v", content, got, err)
		}
		if kept, err := os.ReadFile(path); err != nil || string(kept) != content {
			t.Errorf("%q was not left: %q, %v", content, kept, err)
		}
		change(t, dir, func(s *settings.Settings) { s.Theme = settings.Dark })
		if kept, err := os.ReadFile(path + ".bad-1"); err != nil || string(kept) != content {
			t.Errorf("%q was not kept: %q, %v", content, kept, err)
		}
		if got, err := settings.Load(dir); err != nil || got.Theme != settings.Dark {
			t.Errorf("after the change: %+v, %v", got, err)
		}
	}
}

// TestLinkIsFollowed: people keep their settings in another folder, with a link to it.
func TestLinkIsFollowed(t *testing.T) {
	dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "mine.json")
	if err := os.WriteFile(elsewhere, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, settings.Path(dir)); err != nil {
		t.Skip(err) // Windows asks for a right
	}
	if info, err := os.Lstat(settings.Path(dir)); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Skip("the system makes something else of a link, as Wine does")
	}
	change(t, dir, func(s *settings.Settings) { s.Theme = settings.Dark })
	if content, err := os.ReadFile(elsewhere); err != nil || !strings.Contains(string(content), "dark") {
		t.Errorf("the file is %s, %v", content, err)
	}
	if info, err := os.Lstat(settings.Path(dir)); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
}

func TestDir(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("has other variables")
	}
	for _, c := range []struct{ home, config, want, variable string }{
		{"/home/a", "", "/home/a/.config/amarre", ""},
		{"/home/a", "/etc/a", "/etc/a/amarre", ""},
		{"/home/a", "relative", "/home/a/.config/amarre", ""},
		{"", "/etc/a", "/etc/a/amarre", ""},
		{"", "", "", "HOME"},
		{"", "relative", "", "HOME"},
	} {
		t.Setenv("HOME", c.home)
		t.Setenv("XDG_CONFIG_HOME", c.config)
		got, err := settings.Dir()
		var dirErr *settings.DirError
		if got != c.want || (err != nil) != (c.variable != "") || errors.As(err, &dirErr) && dirErr.Variable != c.variable {
			t.Errorf("HOME=%q XDG_CONFIG_HOME=%q: %q, %v", c.home, c.config, got, err)
		}
	}
}

func TestClearAfter(t *testing.T) {
	for seconds, want := range map[int]time.Duration{0: 45 * time.Second, 1: 10 * time.Second, -5: 10 * time.Second, 60: time.Minute, 9999: 5 * time.Minute} {
		if got := (settings.Settings{ClearSeconds: seconds}).ClearAfter(); got != want {
			t.Errorf("%d seconds are %v, want %v", seconds, got, want)
		}
	}
}
