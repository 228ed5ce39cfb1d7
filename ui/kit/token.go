package kit

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// TokenView shows a token in groups of four, or a disc in the place of each letter. Nothing can
// be selected in it. While it is masked it has no letter of the token.
type TokenView struct {
	widget.BaseWidget
	size            float32
	letters, digits Color
	cells           []fyne.CanvasObject // a *canvas.Text or a *Box each
	shown           bool
	width           float32 // what the lines are broken for
	body            *fyne.Container
}

const (
	groupLetters  = 4
	groupsInALine = 5
	discSize      = 7
)

// NewTokenView returns an empty view with letters of a size.
func NewTokenView(size float32) *TokenView {
	v := &TokenView{size: size, letters: Ink, digits: Accent, width: 480}
	v.body = container.New(placed{v.least, v.place})
	v.ExtendBaseWidget(v)
	return v
}

// Mask shows n discs, and forgets the token.
func (v *TokenView) Mask(n int) {
	if !v.shown && len(v.cells) == n { // Fyne keeps what was drawn for a minute: new discs cost memory
		return
	}
	v.clear(false)
	for range n {
		v.cells = append(v.cells, NewBox(v.disc(), None, discSize/2.0))
	}
	v.fill()
}

// Reveal shows a token.
func (v *TokenView) Reveal(token string) {
	if v.shows(token) {
		return
	}
	v.clear(true)
	for _, letter := range token {
		v.cells = append(v.cells, canvas.NewText(string(letter), nil))
	}
	v.fill()
}

// Shown reports whether a token can be read.
func (v *TokenView) Shown() bool { return v.shown }

// shows reports whether the letters are those of a token.
func (v *TokenView) shows(token string) bool {
	letters := []rune(token)
	if !v.shown || len(letters) != len(v.cells) {
		return false
	}
	for i, cell := range v.cells {
		if cell.(*canvas.Text).Text != string(letters[i]) {
			return false
		}
	}
	return true
}

// SetSize changes the size of the letters.
func (v *TokenView) SetSize(size float32) {
	if v.size != size {
		v.size = size
		v.Refresh()
	}
}

// SetInk changes the colours of the letters and of the digits. The discs are quiet if the
// letters are.
func (v *TokenView) SetInk(letters, digits Color) {
	if v.letters != letters || v.digits != digits {
		v.letters, v.digits = letters, digits
		v.Refresh()
	}
}

// clear removes the letters, from the objects too: something may still have these.
func (v *TokenView) clear(shown bool) {
	for _, cell := range v.cells {
		if text, ok := cell.(*canvas.Text); ok {
			text.Text = ""
		}
	}
	v.cells, v.shown = nil, shown
}

func (v *TokenView) fill() {
	v.body.Objects = v.cells
	v.Refresh()
}

func (v *TokenView) disc() Color {
	if v.letters == Ink3 {
		return Border
	}
	return Ink2
}

func (v *TokenView) paint() {
	role := Token(v.size)
	for _, cell := range v.cells {
		switch cell := cell.(type) {
		case *Box:
			cell.SetFill(v.disc())
		case *canvas.Text:
			color := v.letters
			for _, letter := range cell.Text {
				if unicode.IsDigit(letter) {
					color = v.digits
				}
			}
			cell.Color, cell.TextSize, cell.Alignment = paintOf(color), role.Size, fyne.TextAlignCenter
			cell.FontSource, cell.TextStyle = role.source(cell.Text), role.style()
		}
	}
}

// grid is where the letters stand. It is the same for letters and discs.
type grid struct {
	role   Role
	letter float32 // width of a letter
	gap    float32 // between groups
	groups int     // in a line
}

func (v *TokenView) grid(width float32) grid {
	g := grid{role: Token(v.size)}
	g.letter = g.role.Width("0")
	g.gap = whole(g.letter * 1.2)
	g.groups = max(1, min(groupsInALine, int((width+g.gap)/(groupLetters*g.letter+g.gap))))
	return g
}

func (g grid) at(index int) fyne.Position {
	group := index / groupLetters
	x := float32(group%g.groups)*(groupLetters*g.letter+g.gap) + float32(index%groupLetters)*g.letter
	return fyne.NewPos(whole(x), float32(group/g.groups)*g.role.Line)
}

func (v *TokenView) least() fyne.Size {
	g := v.grid(v.width)
	perLine := groupLetters * g.groups
	lines := (len(v.cells) + perLine - 1) / perLine
	return fyne.NewSize(up(groupLetters*g.letter), float32(lines)*g.role.Line)
}

func (v *TokenView) place(size fyne.Size) {
	g := v.grid(size.Width)
	for i, cell := range v.cells {
		at := g.at(i)
		if _, ok := cell.(*Box); ok {
			put(cell, at.X+whole((g.letter-discSize)/2), at.Y+whole((g.role.Line-discSize)/2), discSize, discSize)
		} else {
			put(cell, at.X, at.Y, up(g.letter), g.role.Line)
		}
	}
}

// Resize implements fyne.CanvasObject.
func (v *TokenView) Resize(size fyne.Size) {
	if size.Width > 0 {
		v.width = size.Width
	}
	v.BaseWidget.Resize(size)
}

// Refresh implements fyne.CanvasObject.
func (v *TokenView) Refresh() {
	v.paint()
	v.body.Refresh()
	v.BaseWidget.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (v *TokenView) CreateRenderer() fyne.WidgetRenderer {
	v.paint()
	return widget.NewSimpleRenderer(v.body)
}
