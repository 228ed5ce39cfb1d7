package handover_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"amarre/internal/handover"
)

// TestCompareFiles compares each file of testdata/compare with a token. A file has a
// head of "key: value" lines, an empty line, then the bytes that the ERP has:
//
//	want:  the match
//	count: the characters that are missing or too many, 0 if left out
//	token: the token
func TestCompareFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/compare/*.erp")
	if err != nil || len(files) < 200 {
		t.Fatalf("found %d files (%v), want at least 200", len(files), err)
	}
	seen := map[handover.Match]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".erp"), func(t *testing.T) {
			head, held := readVector(t, file)
			want, count := handover.Match(head["want"]), 0
			if head["count"] != "" {
				if count, err = strconv.Atoi(head["count"]); err != nil {
					t.Fatal(err)
				}
			}
			seen[want] = true
			match, got := compare(handover.DecodeText(held), head["token"])
			if match != want || got != count {
				t.Errorf("%s, %d; want %s, %d", match, got, want, count)
			}
		})
	}
	for _, match := range handover.Matches() {
		if !seen[match] {
			t.Errorf("no file is %s", match)
		}
	}
}

// readVector reads the head and the content of a file of TestCompareFiles.
func readVector(t testing.TB, file string) (head map[string]string, held []byte) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, held, ok := bytes.Cut(content, []byte("\n\n"))
	if !ok {
		t.Fatal("no empty line after the head")
	}
	head = map[string]string{}
	for line := range strings.Lines(string(before)) {
		if key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); ok && !strings.HasPrefix(line, "#") {
			head[key] = value
		}
	}
	return head, held
}
