package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCitedDocumentsExist: a document that Go code cites is in the repository, in docs,
// beside the code or at its root.
func TestCitedDocumentsExist(t *testing.T) {
	cited := regexp.MustCompile(`[\w./-]*\w\.md\b`)
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || path == "docs_test.go" {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, document := range cited.FindAllString(string(source), -1) {
			found := false
			for _, dir := range []string{".", "docs", filepath.Dir(path)} {
				_, err := os.Stat(filepath.Join(dir, document))
				found = found || err == nil
			}
			if !found && !strings.HasPrefix(document, "*") {
				t.Errorf("%s cites %s, which is not there", path, document)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
