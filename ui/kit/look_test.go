package kit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"image/color"
	"io/fs"
	"math"
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

// TestContrast: a text has at least 4.5:1 with what it lies on, a mark or the edge of a field
// 3:1 (docs/security.md, line 23).
func TestContrast(t *testing.T) {
	const text, mark = 4.5, 3
	for _, c := range []struct {
		least  float64
		colors []kit.Color
		on     []kit.Color
		over   []kit.Color // lies between; None for nothing
	}{
		{text, []kit.Color{kit.Ink}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised, kit.Control, kit.Hover, kit.Chosen, kit.Soft, kit.DangerSoft, kit.WarnSoft, kit.OKSoft}, nil},
		{text, []kit.Color{kit.Ink2}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised, kit.Hover, kit.Chosen}, nil},
		{text, []kit.Color{kit.Ink3}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised}, nil},
		{mark, []kit.Color{kit.Ink3}, []kit.Color{kit.Soft, kit.Hover}, nil}, // quiet ticks
		{text, []kit.Color{kit.Accent}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised, kit.Soft}, nil},
		{text, []kit.Color{kit.SoftInk}, []kit.Color{kit.Soft}, nil},
		{text, []kit.Color{kit.Danger}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised, kit.Hover, kit.Chosen, kit.DangerSoft, kit.Soft}, nil},
		{text, []kit.Color{kit.Warn}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.WarnSoft, kit.Soft}, nil},
		{text, []kit.Color{kit.OK}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.OKSoft}, nil},
		{text, []kit.Color{kit.Test}, []kit.Color{kit.Page, kit.Side, kit.TestSoft}, nil},
		{text, []kit.Color{kit.FoundInk}, []kit.Color{kit.Found}, nil},
		{text, []kit.Color{kit.OnToast, kit.ToastLink}, []kit.Color{kit.Toast}, []kit.Color{kit.None, kit.ToastHover}},
		{text, []kit.Color{kit.OnFill}, []kit.Color{kit.Fill, kit.DangerFill}, []kit.Color{kit.None, kit.FillVeil}},
		{text, []kit.Color{kit.Ink}, []kit.Color{kit.Control}, []kit.Color{kit.Veil}},
		{text, []kit.Color{kit.Ink2}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised}, []kit.Color{kit.Veil}},
		{mark, []kit.Color{kit.Border}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised}, nil},
		{mark, []kit.Color{kit.Fill, kit.DangerFill}, []kit.Color{kit.Page, kit.Side}, nil},
		{mark, []kit.Color{kit.Star}, []kit.Color{kit.Page, kit.Side, kit.Soft}, nil},
	} {
		if c.over == nil {
			c.over = []kit.Color{kit.None}
		}
		for name, variant := range variants {
			th := kit.NewTheme(&variant)
			for _, color := range c.colors {
				for _, on := range c.on {
					for _, over := range c.over {
						if ratio := contrast(th, color, on, over); ratio < c.least {
							t.Errorf("%s: %s on %s under %q has %.2f:1, want %v:1", name, color, on, over, ratio, c.least)
						}
					}
				}
			}
		}
	}
}

// contrast returns the contrast ratio of WCAG between a colour and what it lies on, over which
// another colour is drawn.
func contrast(th fyne.Theme, name, on, over kit.Color) float64 {
	of := func(name kit.Color) color.NRGBA { return th.Color(name, 0).(color.NRGBA) }
	ground := of(on)
	if over != kit.None {
		above := of(over)
		mix := func(below, top uint8) uint8 {
			return uint8((int(top)*int(above.A) + int(below)*(255-int(above.A))) / 255)
		}
		ground = color.NRGBA{R: mix(ground.R, above.R), G: mix(ground.G, above.G), B: mix(ground.B, above.B), A: 255}
	}
	light := func(c color.NRGBA) float64 {
		linear := func(v uint8) float64 {
			f := float64(v) / 255
			if f <= 0.03928 {
				return f / 12.92
			}
			return math.Pow((f+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	}
	a, b := light(of(name)), light(ground)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

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
	for _, dir := range []string{".", ".."} {
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
				call, ok := n.(*ast.CallExpr)
				if !ok || !slices.Contains(takesIcons, called(call)) {
					return true
				}
				for _, argument := range call.Args {
					literal, ok := argument.(*ast.BasicLit)
					if !ok || literal.Kind != token.STRING || literal.Value == `""` {
						continue
					}
					name, err := strconv.Unquote(literal.Value)
					if err != nil {
						t.Fatal(err)
					}
					found++
					if !slices.Contains(names, name) {
						t.Errorf("%s: %s has %q, which is no icon", file, called(call), name)
					}
				}
				return true
			})
		}
	}
	if found == 0 {
		t.Error("no name of an icon was found")
	}
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
