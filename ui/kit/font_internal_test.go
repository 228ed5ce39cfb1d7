package kit

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"golang.org/x/image/font/sfnt"

	"amarre/assets"
)

// TestLacksIsWhatTheFontsHave: a letter that a font lacks would be drawn as a box, and one that
// it has need not be looked for elsewhere.
func TestLacksIsWhatTheFontsHave(t *testing.T) {
	for _, family := range [][]fyne.Resource{{regular, medium, semibold}, {mono, monoBold}} {
		var fonts []*sfnt.Font
		for _, resource := range family {
			parsed, err := sfnt.Parse(resource.Content())
			if err != nil {
				t.Fatal(resource.Name(), err)
			}
			fonts = append(fonts, parsed)
		}
		var buffer sfnt.Buffer
		for letter := rune(0x20); letter <= 0xffff; letter++ {
			if letter >= 0x7f && letter < 0xa0 {
				continue // control characters
			}
			missing := 0
			for _, font := range fonts {
				if glyph, err := font.GlyphIndex(&buffer, letter); err != nil {
					t.Fatal(err)
				} else if glyph == 0 {
					missing++
				}
			}
			if got := lacks(family[0], letter); got != (missing > 0) {
				t.Errorf("%s: lacks(%U %q) is %v, and %d of its %d weights lack it", family[0].Name(), letter, letter, got, missing, len(fonts))
			}
		}
	}
}

// catalogueLetters returns the letters of the texts of the program.
func catalogueLetters(t *testing.T) map[rune]bool {
	letters := map[rune]bool{}
	files, err := fs.Glob(assets.Translations, "translations/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("the catalogues are %v, %v", files, err)
	}
	for _, file := range files {
		content, err := fs.ReadFile(assets.Translations, file)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(content, &texts); err != nil {
			t.Fatal(err)
		}
		var add func(value any)
		add = func(value any) {
			switch value := value.(type) {
			case string:
				for _, letter := range value {
					letters[letter] = true
				}
			case map[string]any:
				for _, form := range value {
					add(form)
				}
			}
		}
		for _, value := range texts {
			add(value)
		}
	}
	return letters
}

// TestFontsHaveTheLetters: the texts of the program are drawn in its own fonts. A letter that
// these lack would be looked for in the system's, which takes long, and look different.
func TestFontsHaveTheLetters(t *testing.T) {
	for letter := range catalogueLetters(t) {
		if strings.ContainsRune("\n✓✗", letter) {
			continue // the marks are for a terminal: the window has icons in their place
		}
		if lacks(regular, letter) {
			t.Errorf("the catalogues have %U %q, which the fonts lack", letter, letter)
		}
	}
}
