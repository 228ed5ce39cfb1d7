package settings_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"amarre/internal/settings"
)

func TestSaveLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "amarre")
	if got, err := settings.Load(dir); err != nil || !reflect.DeepEqual(got, settings.Settings{}) {
		t.Fatalf("a first start has %+v, %v", got, err)
	}
	want := settings.Settings{Language: "fr", Theme: settings.Dark, Service: "https://a.example", ClearSeconds: 60, Authorities: map[string]string{"https://a.example": "/ca.pem"}, Width: 900, Height: 600}
	if err := settings.Save(dir, want); err != nil {
		t.Fatal(err)
	}
	if got, err := settings.Load(dir); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("loaded %+v, %v; want %+v", got, err, want)
	}
}

func TestBadFileIsSetAside(t *testing.T) {
	for _, content := range []string{"", "{", "[]", `{"width":"wide"}`} {
		dir := t.TempDir()
		path := filepath.Join(dir, "settings.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := settings.Load(dir); err != nil || !reflect.DeepEqual(got, settings.Settings{}) {
			t.Errorf("%q gives %+v, %v", content, got, err)
		}
		if kept, err := os.ReadFile(path + ".bad-1"); err != nil || string(kept) != content {
			t.Errorf("%q was not kept: %q, %v", content, kept, err)
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
