package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// TestNetworkImports: no other package than the client, its stand-in and what is named here
// can make a call over a network (docs/security.md, line 30).
func TestNetworkImports(t *testing.T) {
	allowed := map[string][]string{
		"net/http": {"authclient", "authclient/authtest"},
		"net":      {"authclient", "authclient/authtest", "internal/keyring"}, // the keyring names an error of the session bus
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"*/*.go", "*/*/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 100 {
		t.Fatalf("found %d files", len(files))
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_e2e.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range source.Imports {
			rooms, known := allowed[strings.Trim(spec.Path.Value, `"`)]
			if known && !slices.Contains(rooms, filepath.ToSlash(filepath.Dir(file))) {
				t.Errorf("%s imports %s", file, spec.Path.Value)
			}
		}
	}
}
