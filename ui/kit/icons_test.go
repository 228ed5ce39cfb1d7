package kit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestIconsAreUsed: each icon is named somewhere in the source of the window. What is not
// used is not shipped.
func TestIconsAreUsed(t *testing.T) {
	literals := map[string]bool{}
	for _, dir := range []string{".", "..", "../presenter"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no source in %s: %v", dir, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(source, func(n ast.Node) bool {
				if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					if text, err := strconv.Unquote(literal.Value); err == nil {
						literals[text] = true
					}
				}
				return true
			})
		}
	}
	for _, name := range iconNames(t) {
		if !literals[name] {
			t.Errorf("nothing uses assets/icons/%s.svg", name)
		}
	}
}
