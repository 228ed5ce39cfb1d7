package kit

import (
	"errors"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
)

// Entry is a one-line entry. Spaces and line breaks around a pasted text are removed.
type Entry struct {
	widget.Entry
	keyed
}

// NewEntry returns an entry.
func NewEntry(keys Keys) *Entry {
	e := &Entry{keyed: keyed{Keys: keys}}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(event *fyne.KeyEvent) {
	if !e.done(event, types(event)) {
		e.Entry.TypedKey(event)
	}
}

// KeyDown implements desktop.Keyable.
func (e *Entry) KeyDown(event *fyne.KeyEvent) {
	e.keyed.KeyDown(event)
	e.Entry.KeyDown(event)
}

// KeyUp implements desktop.Keyable.
func (e *Entry) KeyUp(event *fyne.KeyEvent) {
	e.keyed.KeyUp(event)
	e.Entry.KeyUp(event)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(shortcut fyne.Shortcut) {
	if paste, ok := shortcut.(*fyne.ShortcutPaste); ok {
		shortcut = &fyne.ShortcutPaste{Clipboard: trimmed{paste.Clipboard}, Secondary: paste.Secondary}
	}
	e.Entry.TypedShortcut(shortcut)
}

// trimmed is a clipboard whose content is read without surrounding space.
type trimmed struct{ fyne.Clipboard }

func (t trimmed) Content() string { return authclient.TrimPasted(t.Clipboard.Content()) }

// SelectEntry is an entry with suggestions, which the Down key and an arrow open. The
// arrow is no stop of the Tab key, unlike that of a [widget.SelectEntry].
type SelectEntry struct {
	Entry
	options []string
}

// NewSelectEntry returns an entry without suggestions.
func NewSelectEntry(keys Keys) *SelectEntry {
	e := &SelectEntry{}
	e.Keys = keys
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ActionItem = newTapArea(widget.NewIcon(theme.MenuDropDownIcon()), desktop.TextCursor, e.open)
	e.ActionItem.Hide()
	e.ExtendBaseWidget(e)
	return e
}

// SetOptions sets the suggestions. The arrow is hidden if there are none.
func (e *SelectEntry) SetOptions(options []string) {
	e.options = options
	SetVisible(e.ActionItem, len(options) > 0)
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

// tapArea is an object that can be tapped.
type tapArea struct {
	widget.BaseWidget
	content fyne.CanvasObject
	cursor  desktop.Cursor
	tapped  func()
}

func newTapArea(content fyne.CanvasObject, cursor desktop.Cursor, tapped func()) *tapArea {
	a := &tapArea{content: content, cursor: cursor, tapped: tapped}
	a.ExtendBaseWidget(a)
	return a
}

func (a *tapArea) Tapped(*fyne.PointEvent) { a.tapped() }

func (a *tapArea) Cursor() desktop.Cursor { return a.cursor }

func (a *tapArea) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(a.content) }

// Why a paste into a [SecretEntry] is refused.
var (
	ErrLines  = errors.New("a line break inside")
	ErrUnseen = errors.New("a character that cannot be seen")
)

// SecretEntry is a password entry. Its text cannot be copied or cut, and typing cannot
// be undone, even while the text is shown. A pasted text loses the line breaks around it
// and no space.
type SecretEntry struct {
	Entry
	// CapsLock is called after each typed letter and reports whether Caps Lock seems
	// to be on. It may be nil.
	CapsLock func(on bool)
	// OnReveal is called after the text was shown or hidden. It may be nil.
	OnReveal func(shown bool)
	// PasteRefused is called in place of a paste, with ErrLines or ErrUnseen. It may be
	// nil.
	PasteRefused func(why error)

	shift shiftKey
	eye   *widget.Icon
}

// NewSecretEntry returns an empty secret entry.
func NewSecretEntry(keys Keys) *SecretEntry {
	e := &SecretEntry{eye: widget.NewIcon(theme.VisibilityOffIcon())}
	e.Keys = keys
	e.Password = true
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	// The eye of a widget.Entry has no callback.
	side := theme.IconInlineSize() + 2*theme.InnerPadding()
	e.ActionItem = newTapArea(AtLeast(side, 0, container.NewCenter(e.eye)), desktop.DefaultCursor, func() {
		e.setShown(e.Password)
		focus(e)
	})
	e.ExtendBaseWidget(e)
	return e
}

// Secret returns the text.
func (e *SecretEntry) Secret() authclient.Secret { return authclient.NewSecret(e.Text) }

// SetSecret replaces the text and hides it. Undo does not restore the former text.
func (e *SecretEntry) SetSecret(s authclient.Secret) {
	e.Conceal()
	e.SetText(s.Reveal())
	// SetText keeps the selection, which the next letter would replace. The End key
	// removes it.
	e.Entry.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	e.Refresh()
}

// Conceal hides the text.
func (e *SecretEntry) Conceal() { e.setShown(false) }

// Reveal shows the text.
func (e *SecretEntry) Reveal() { e.setShown(true) }

// Revealed reports whether the text is shown.
func (e *SecretEntry) Revealed() bool { return !e.Password }

func (e *SecretEntry) setShown(shown bool) {
	if e.Revealed() == shown {
		return
	}
	e.Password = !shown
	if shown {
		e.eye.SetResource(theme.VisibilityIcon())
	} else {
		e.eye.SetResource(theme.VisibilityOffIcon())
	}
	e.Refresh()
	if e.OnReveal != nil {
		e.OnReveal(shown)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (e *SecretEntry) TypedShortcut(shortcut fyne.Shortcut) {
	switch s := shortcut.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		return
	case *fyne.ShortcutPaste:
		text := strings.Trim(s.Clipboard.Content(), "\r\n")
		if why := refusal(text); why != nil {
			if e.PasteRefused != nil {
				e.PasteRefused(why)
			}
			return
		}
		shortcut = &fyne.ShortcutPaste{Clipboard: given{s.Clipboard, text}, Secondary: s.Secondary}
	}
	e.Entry.Entry.TypedShortcut(shortcut)
}

// TappedSecondary implements fyne.SecondaryTappable. The menu has no copy, and no undo, which
// would bring an erased secret back.
func (e *SecretEntry) TappedSecondary(event *fyne.PointEvent) {
	focus(e)
	canvas := fyne.CurrentApp().Driver().CanvasForObject(e)
	if canvas == nil || e.Disabled() {
		return
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Paste"), func() { e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}) }),
		fyne.NewMenuItem(lang.L("Select all"), func() { e.TypedShortcut(&fyne.ShortcutSelectAll{}) }),
	), canvas, event.AbsolutePosition)
}

// refusal returns why a text is not pasted as a secret: what the user does not see would be
// sent.
func refusal(text string) error {
	switch {
	case strings.ContainsAny(text, "\r\n"):
		return ErrLines
	case authclient.HasUnseen(text):
		return ErrUnseen
	}
	return nil
}

// given is a clipboard whose content is read as a text.
type given struct {
	fyne.Clipboard
	text string
}

func (g given) Content() string { return g.text }

// TypedRune implements fyne.Focusable. Caps Lock seems to be on if a letter is a capital
// without Shift, or a small one with it.
func (e *SecretEntry) TypedRune(r rune) {
	e.Entry.TypedRune(r)
	if e.CapsLock != nil && unicode.ToLower(r) != unicode.ToUpper(r) {
		e.CapsLock(unicode.IsUpper(r) != bool(e.shift))
	}
}

// KeyDown implements desktop.Keyable.
func (e *SecretEntry) KeyDown(event *fyne.KeyEvent) {
	e.shift.update(event, true)
	e.Entry.KeyDown(event)
}

// KeyUp implements desktop.Keyable.
func (e *SecretEntry) KeyUp(event *fyne.KeyEvent) {
	e.shift.update(event, false)
	e.Entry.KeyUp(event)
}

// FocusLost implements fyne.Focusable.
func (e *SecretEntry) FocusLost() {
	e.shift = false
	e.Entry.FocusLost()
}
