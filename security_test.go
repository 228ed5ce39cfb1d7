package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestSecurityTable: the table of SECURITY.md covers every line of docs/security.md and
// names tests that exist.
func TestSecurityTable(t *testing.T) {
	page, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| ([A-H])(\d+) \| ([^|]+) \| ([^|]+) \|$`)
	name := regexp.MustCompile(`(?:([a-z0-9/]+)\.)?\b((?:Test|Fuzz)\w+)`)
	last := 0
	for _, found := range row.FindAllStringSubmatch(string(page), -1) {
		line, err := strconv.Atoi(found[2])
		if err != nil || line != last+1 {
			t.Errorf("line %s%s follows line %d", found[1], found[2], last)
		}
		last = line
		tests := name.FindAllStringSubmatch(found[4], -1)
		if len(tests) == 0 {
			t.Errorf("line %s%s names no test", found[1], found[2])
		}
		for _, test := range tests {
			if !hasTest(t, test[1], test[2]) {
				t.Errorf("line %s%s: there is no %s in %s", found[1], found[2], test[2], test[1])
			}
		}
	}
	if last != 30 {
		t.Errorf("the last line is %d, want 30", last)
	}
}

// hasTest reports whether a package has a test of this name, under any build tag.
func hasTest(t *testing.T, dir, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), "\nfunc "+test+"(") {
			return true
		}
	}
	return false
}
