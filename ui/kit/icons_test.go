package kit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"amarre/assets"
	"amarre/ui/kit"
)

// iconNames returns the names of the icons.
func iconNames(t *testing.T) []string {
	files, err := fs.Glob(assets.Icons, "icons/*.svg")
	if err != nil || len(files) == 0 {
		t.Fatalf("no icons: %v", err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".svg")
	}
	return files
}

// TestIcons: each icon draws something in the colour that is asked for, which Fyne's reader of
// SVG does not do with each of Lucide's.
func TestIcons(t *testing.T) {
	w := themed(t, theme.VariantLight, container.NewWithoutLayout())
	for _, name := range iconNames(t) {
		w.SetContent(container.NewStack(kit.NewBox(kit.Page, kit.None, 0), kit.NewIcon(name, kit.Danger, 24)))
		w.Resize(fyne.NewSize(24, 24))
		picture := w.Canvas().Capture()
		red := 0
		for y := range picture.Bounds().Dy() {
			for x := range picture.Bounds().Dx() {
				if r, g, _, _ := picture.At(x, y).RGBA(); r > 0x8000 && g < 0x8000 {
					red++
				}
			}
		}
		if red < 10 || red > 24*24/2 {
			t.Errorf("%s has %d red pixels of %d, want 10 at least and half at most", name, red, 24*24)
		}
	}
}

// takesIcons has the functions whose arguments are names of icons where they are literals:
// texts come from the catalogue.
var takesIcons = []string{"NewIcon", "NewFilledIcon", "glyph", "NewPush", "NewSplit", "SetIcon", "Trail", "Set", "SetFilled"}

// TestIconsExist: a name that the code has is one of a file; another stops the program.
func TestIconsExist(t *testing.T) {
	names, found := iconNames(t), 0
	inspect(t, func(file string, n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || !slices.Contains(takesIcons, called(call)) {
			return
		}
		for _, argument := range call.Args {
			name, ok := literal(argument)
			if !ok || name == "" {
				continue
			}
			found++
			if !slices.Contains(names, name) {
				t.Errorf("%s: %s has %q, which is no icon", file, called(call), name)
			}
		}
	}, ".", "..")
	if found == 0 {
		t.Error("no name of an icon was found")
	}
}

// TestIconsAreUsed: each icon is named somewhere in the source of the window. What is not
// used is not shipped.
func TestIconsAreUsed(t *testing.T) {
	literals := map[string]bool{}
	inspect(t, func(_ string, n ast.Node) {
		if text, ok := literal(n); ok {
			literals[text] = true
		}
	}, ".", "..", "../presenter")
	for _, name := range iconNames(t) {
		if !literals[name] {
			t.Errorf("nothing uses assets/icons/%s.svg", name)
		}
	}
}

// inspect visits the source in some folders, without that of tests.
func inspect(t *testing.T, visit func(file string, n ast.Node), dirs ...string) {
	t.Helper()
	for _, dir := range dirs {
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
			ast.Inspect(source, func(n ast.Node) bool { visit(file, n); return true })
		}
	}
}

// literal returns the text of a node that is a literal of a string.
func literal(n ast.Node) (text string, ok bool) {
	basic, ok := n.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}

// called returns the name of the function that is called, without its package or receiver.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
