package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{
		"LICENSE", "used/COPYING.txt", "used/fonts/License_Noto.txt", "unused/LICENSE",
		"testdata/LICENSE", "used/license.go", "used/fonts/deep/LICENSE",
	} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := &module{Path: "example.org/m", Version: "v1.0.0", Dir: dir, packages: []string{filepath.Join(dir, "used")}}
	files, err := texts(m)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range files {
		rel, _ := filepath.Rel(dir, file)
		got = append(got, filepath.ToSlash(rel))
	}
	if want := []string{"LICENSE", "used/COPYING.txt", "used/fonts/License_Noto.txt"}; !slices.Equal(got, want) {
		t.Errorf("texts of the linked package: %q, want %q", got, want)
	}
}

func TestTextsWithoutLicence(t *testing.T) {
	m := &module{Path: "example.org/m", Version: "v1.0.0", Dir: t.TempDir()}
	if _, err := texts(m); err == nil || !strings.Contains(err.Error(), "example.org/m v1.0.0") {
		t.Errorf("a module without a licence: error %v, want one that names it", err)
	}
}
