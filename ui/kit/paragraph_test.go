package kit_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"amarre/ui/kit"
)

// rows returns the lines of text that a widget draws.
func rows(t *testing.T, o fyne.Widget) []string {
	t.Helper()
	var found []string
	for _, each := range test.WidgetRenderer(o).Objects() {
		switch each := each.(type) {
		case *canvas.Text:
			found = append(found, each.Text)
		case fyne.Widget:
			found = append(found, rows(t, each)...)
		}
	}
	return found
}

// TestParagraphKeepsNoBreakSpaces: at every width, no line is broken at a no-break space,
// and the whole text is drawn.
func TestParagraphKeepsNoBreakSpaces(t *testing.T) {
	test.NewTempApp(t)
	const text = "Profil «\u00a0Sète\u00a0» enregistré\u00a0: tout va bien\u00a0; ou non\u00a0?\n\nEncore «\u00a0une\u00a0» ligne."
	p := kit.NewParagraph("")
	win := test.NewTempWindow(t, p)
	win.Resize(fyne.NewSize(90, 400))
	p.SetText(text) // between two changes of width
	for width := float32(130); width < 500; width += 7 {
		win.Resize(fyne.NewSize(width, 400))
		got := rows(t, p)
		if len(got) < 3 {
			t.Fatalf("at %v it draws %q", width, got)
		}
		for _, row := range got {
			if strings.HasPrefix(row, "»") || strings.HasPrefix(row, ":") || strings.HasPrefix(row, ";") || strings.HasPrefix(row, "?") || strings.HasSuffix(row, "«") {
				t.Errorf("at %v: %q", width, got)
			}
		}
		if all := strings.Join(strings.Fields(strings.Join(got, " ")), " "); all != strings.Join(strings.Fields(text), " ") {
			t.Errorf("at %v it draws %q", width, all)
		}
		if p.Text != text {
			t.Fatalf("at %v its text is %q", width, p.Text)
		}
		// The paragraph is as high as a label with the same lines.
		plain := widget.NewLabel(strings.Join(got, "\n"))
		if high := plain.MinSize().Height; p.MinSize().Height != high {
			t.Errorf("at %v it is %v high, want %v", width, p.MinSize().Height, high)
		}
	}
	// A word that is longer than a line is cut, but not beside a no-break space, and the
	// text goes on after it on the same line.
	behind := 0
	path := "/home/capitainerie/" + strings.Repeat("certificats/", 6) + "inspection-2026.pem"
	for width := float32(130); width < 500; width += 7 {
		win.Resize(fyne.NewSize(width, 400))
		p.SetText("Le fichier «\u00a0" + path + "\u00a0» est vide.")
		got := rows(t, p)
		if joined := strings.Join(got[1:], ""); got[0] != "Le fichier" || strings.ReplaceAll(joined, " ", "") != "«\u00a0"+path+"\u00a0»estvide." {
			t.Fatalf("at %v it draws %q", width, got)
		}
		for _, row := range got {
			if runes := []rune(row); runes[0] == '\u00a0' || runes[0] == '»' || runes[len(runes)-1] == '\u00a0' || runes[len(runes)-1] == '«' {
				t.Errorf("at %v: %q", width, got)
			}
		}
		if strings.HasSuffix(got[len(got)-1], "» est vide.") {
			behind++
		}
	}
	if behind < 20 { // of 53 widths; at the others the rest does not fit
		t.Errorf("the text goes on after the path at %d widths", behind)
	}
	p.SetText("a\u00a0b")
	win.Resize(fyne.NewSize(20, 400)) // narrower than a letter
}
