package kit

import (
	"errors"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
)

// Entry is a one-line entry. Spaces and line breaks around a pasted text are removed.
type Entry struct {
	widget.Entry
	keyed
	inFrame
	icon string // its name; "" for none
}

// NewEntry returns an entry.
func NewEntry(keys Keys) *Entry {
	e := &Entry{keyed: keyed{Keys: keys}}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// ShowIcon shows an icon of package assets in front of the text. An empty name shows none.
func (e *Entry) ShowIcon(name string) {
	e.icon, e.Icon = name, nil
	e.Refresh()
}

// Refresh implements fyne.CanvasObject.
func (e *Entry) Refresh() {
	if e.icon != "" {
		e.Icon = glyph(e.icon, Ink3, None)
	}
	e.Entry.Refresh()
	e.updateFrame()
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	e.setFocused(true)
}

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	e.setFocused(false)
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
	if e.offerCustom(shortcut) {
		return
	}
	if paste, ok := shortcut.(*fyne.ShortcutPaste); ok {
		if e.pasteLater(paste, e.TypedShortcut) {
			return
		}
		shortcut = &fyne.ShortcutPaste{Clipboard: trimmed{paste.Clipboard}, Secondary: paste.Secondary}
	}
	e.Entry.TypedShortcut(shortcut)
}

// TappedSecondary implements fyne.SecondaryTappable.
func (e *Entry) TappedSecondary(event *fyne.PointEvent) { showEditMenu(e, &e.Entry, e.Keys, event) }

// showEditMenu shows the menu of an input with text in our look. entry is the part of input
// that is Fyne's.
func showEditMenu(input interface {
	fyne.Focusable
	fyne.Shortcutable
}, entry *widget.Entry, keys Keys, event *fyne.PointEvent) {
	focus(input)
	canvas := fyne.CurrentApp().Driver().CanvasForObject(entry)
	if canvas == nil {
		return
	}
	board := fyne.CurrentApp().Clipboard()
	item := func(text string, possible bool, shortcut fyne.Shortcut) MenuItem {
		return MenuItem{Text: lang.L(text), Disabled: !possible, Do: func() { input.TypedShortcut(shortcut) }}
	}
	selected := entry.SelectedText() != ""
	ShowMenu(canvas, keys, []MenuItem{
		item("Cut", selected && !entry.Disabled(), &fyne.ShortcutCut{Clipboard: board}),
		item("Copy", selected, &fyne.ShortcutCopy{Clipboard: board}),
		item("Paste", !entry.Disabled(), &fyne.ShortcutPaste{Clipboard: board}),
		item("Select all", entry.Text != "", &fyne.ShortcutSelectAll{}),
	}, event.AbsolutePosition, 0, nil)
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
	e.ActionItem = newTapArea(Pad(0, 8, 0, 4, Middle(NewIcon("chevron-down", Ink2, 16))), desktop.DefaultCursor, e.open)
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
	canvas := fyne.CurrentApp().Driver().CanvasForObject(e)
	if canvas == nil || len(e.options) == 0 {
		return
	}
	items := make([]MenuItem, len(e.options))
	for i, option := range e.options {
		items[i] = MenuItem{Text: option, Do: func() { e.SetText(option) }}
	}
	ShowMenu(canvas, e.Keys, items, below(e), e.Size().Width, nil)
}

// below returns where the menu of an object opens, on the canvas.
func below(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(0, o.Size().Height+4)
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
	eye   *Icon
}

// NewSecretEntry returns an empty secret entry.
func NewSecretEntry(keys Keys) *SecretEntry {
	e := &SecretEntry{eye: NewIcon("eye-off", Ink2, 16)}
	e.Keys = keys
	e.Password = true
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	// The eye of a widget.Entry has no callback.
	e.ActionItem = newTapArea(Fixed(32, 0, Center(e.eye)), desktop.DefaultCursor, func() {
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
		e.eye.Set("eye", Ink2)
	} else {
		e.eye.Set("eye-off", Ink2)
	}
	e.Refresh()
	if e.OnReveal != nil {
		e.OnReveal(shown)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (e *SecretEntry) TypedShortcut(shortcut fyne.Shortcut) {
	if e.offerCustom(shortcut) {
		return
	}
	switch s := shortcut.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		return
	case *fyne.ShortcutPaste:
		if e.pasteLater(s, e.TypedShortcut) {
			return
		}
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
	ShowMenu(canvas, e.Keys, []MenuItem{
		{Text: lang.L("Paste"), Do: func() { e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}) }},
		{Text: lang.L("Select all"), Do: func() { e.TypedShortcut(&fyne.ShortcutSelectAll{}) }},
	}, event.AbsolutePosition, 0, nil)
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
