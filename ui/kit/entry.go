package kit

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
)

// Entry is a one-line entry that actions its keys. What is pasted into it loses
// the spaces and line breaks that an e-mail leaves around it.
type Entry struct {
	widget.Entry
	Keys Keys
}

// NewEntry makes an entry.
func NewEntry(keys Keys) *Entry {
	e := &Entry{Keys: keys}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(event *fyne.KeyEvent) {
	if !e.Keys.take(event) {
		e.Entry.TypedKey(event)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(shortcut fyne.Shortcut) { e.Entry.TypedShortcut(trimPaste(shortcut)) }

// SelectEntry is an Entry with a list of suggestions, which the Down key opens,
// and an arrow that is no stop of the Tab key, as the one of Fyne's is.
type SelectEntry struct {
	Entry
	options []string
}

// NewSelectEntry makes an entry with suggestions.
func NewSelectEntry(keys Keys) *SelectEntry {
	e := &SelectEntry{}
	e.Keys = keys
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ActionItem = newArrow(e.open)
	e.ActionItem.Hide()
	e.ExtendBaseWidget(e)
	return e
}

// SetOptions sets the suggestions. There is no arrow without any.
func (e *SelectEntry) SetOptions(options []string) {
	e.options = options
	if len(options) == 0 {
		e.ActionItem.Hide()
	} else {
		e.ActionItem.Show()
	}
}

// TypedKey implements fyne.Focusable.
func (e *SelectEntry) TypedKey(event *fyne.KeyEvent) {
	if event.Name == fyne.KeyDown {
		e.open()
		return
	}
	e.Entry.TypedKey(event)
}

// open shows the suggestions below the entry.
func (e *SelectEntry) open() {
	driver := fyne.CurrentApp().Driver()
	canvas := driver.CanvasForObject(e)
	if canvas == nil || len(e.options) == 0 {
		return
	}
	items := make([]*fyne.MenuItem, len(e.options))
	for i, option := range e.options {
		items[i] = fyne.NewMenuItem(option, func() { e.SetText(option) })
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), canvas)
	menu.ShowAtPosition(driver.AbsolutePositionForObject(e).Add(fyne.NewPos(0, e.Size().Height)))
	menu.Resize(fyne.NewSize(e.Size().Width, menu.MinSize().Height))
}

// arrow is an icon that can be tapped.
type arrow struct {
	widget.Icon
	tapped func()
}

func newArrow(tapped func()) *arrow {
	a := &arrow{tapped: tapped}
	a.Resource = theme.MenuDropDownIcon()
	a.ExtendBaseWidget(a)
	return a
}

// Tapped implements fyne.Tappable.
func (a *arrow) Tapped(*fyne.PointEvent) { a.tapped() }

// eye shows whether a secret is shown, and can be tapped.
type eye struct {
	widget.BaseWidget
	icon   *widget.Icon
	tapped func()
}

func newEye(tapped func()) *eye {
	e := &eye{icon: widget.NewIcon(theme.VisibilityOffIcon()), tapped: tapped}
	e.ExtendBaseWidget(e)
	return e
}

func (e *eye) open(open bool) {
	if open {
		e.icon.SetResource(theme.VisibilityIcon())
	} else {
		e.icon.SetResource(theme.VisibilityOffIcon())
	}
}

// Tapped implements fyne.Tappable.
func (e *eye) Tapped(*fyne.PointEvent) { e.tapped() }

// Cursor implements desktop.Cursorable.
func (e *eye) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// CreateRenderer implements fyne.Widget.
func (e *eye) CreateRenderer() fyne.WidgetRenderer {
	side := theme.IconInlineSize() + 2*theme.InnerPadding()
	return widget.NewSimpleRenderer(AtLeast(side, 0, container.NewCenter(e.icon)))
}

// trimPaste makes a paste leave out what surrounds a pasted value.
func trimPaste(shortcut fyne.Shortcut) fyne.Shortcut {
	if paste, ok := shortcut.(*fyne.ShortcutPaste); ok {
		return &fyne.ShortcutPaste{Clipboard: trimmed{paste.Clipboard}, Secondary: paste.Secondary}
	}
	return shortcut
}

// trimmed is a clipboard whose content is read without what surrounds it.
type trimmed struct{ fyne.Clipboard }

func (t trimmed) Content() string { return authclient.TrimPasted(t.Clipboard.Content()) }

// SecretEntry is a password entry. Nothing that was typed into it can be copied,
// cut, undone or redone, also while it is revealed.
type SecretEntry struct {
	widget.Entry
	Keys Keys
	// CapsLock is called after each typed letter with whether Caps Lock seems to
	// be on.
	CapsLock func(on bool)
	// OnReveal is called after the text was shown or hidden.
	OnReveal func(shown bool)

	shift bool
	eye   *eye
}

// NewSecretEntry makes a secret entry.
func NewSecretEntry(keys Keys) *SecretEntry {
	e := &SecretEntry{Keys: keys}
	e.Password = true
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.eye = newEye(func() {
		e.reveal(e.Password)
		if canvas := fyne.CurrentApp().Driver().CanvasForObject(e); canvas != nil {
			canvas.Focus(e)
		}
	})
	e.ActionItem = e.eye // Fyne's own tells nobody
	e.ExtendBaseWidget(e)
	return e
}

// Secret returns what was typed.
func (e *SecretEntry) Secret() authclient.Secret { return authclient.NewSecret(e.Text) }

// SetSecret shows a secret, concealed; an empty one empties the entry. What was
// there cannot come back by undo.
func (e *SecretEntry) SetSecret(s authclient.Secret) {
	e.reveal(false)
	e.SetText(s.Reveal())
	// SetText keeps a selection that the new text does not have, and the next
	// letter would replace it; the End key drops it.
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	e.Refresh()
}

// Conceal hides the text; Revealed reports whether it is shown.
func (e *SecretEntry) Conceal() { e.reveal(false) }

// Reveal shows the text.
func (e *SecretEntry) Reveal() { e.reveal(true) }

// Revealed reports whether the text is shown.
func (e *SecretEntry) Revealed() bool { return !e.Password }

func (e *SecretEntry) reveal(show bool) {
	if e.Password == !show {
		return
	}
	e.Password = !show
	e.eye.open(show)
	e.Refresh()
	if e.OnReveal != nil {
		e.OnReveal(show)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (e *SecretEntry) TypedShortcut(shortcut fyne.Shortcut) {
	switch shortcut.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		return
	}
	e.Entry.TypedShortcut(shortcut)
}

// TypedKey implements fyne.Focusable.
func (e *SecretEntry) TypedKey(event *fyne.KeyEvent) {
	if !e.Keys.take(event) {
		e.Entry.TypedKey(event)
	}
}

// TypedRune implements fyne.Focusable. A capital without Shift, or a small
// letter with it, is what Caps Lock does.
func (e *SecretEntry) TypedRune(r rune) {
	e.Entry.TypedRune(r)
	if e.CapsLock != nil && unicode.ToLower(r) != unicode.ToUpper(r) {
		e.CapsLock(unicode.IsUpper(r) != e.shift)
	}
}

// KeyDown implements desktop.Keyable.
func (e *SecretEntry) KeyDown(event *fyne.KeyEvent) {
	e.setShift(event, true)
	e.Entry.KeyDown(event)
}

// KeyUp implements desktop.Keyable.
func (e *SecretEntry) KeyUp(event *fyne.KeyEvent) {
	e.setShift(event, false)
	e.Entry.KeyUp(event)
}

// FocusLost implements fyne.Focusable.
func (e *SecretEntry) FocusLost() {
	e.shift = false
	e.Entry.FocusLost()
}

func (e *SecretEntry) setShift(event *fyne.KeyEvent, down bool) {
	if event.Name == desktop.KeyShiftLeft || event.Name == desktop.KeyShiftRight {
		e.shift = down
	}
}
