package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Keys is told of the keys of a focused widget before the widget handles them, because Fyne
// sends a key to the focused widget only.
type Keys interface {
	// KeyDown and KeyUp are called when a key goes down and up. A key that is held repeats
	// TypedKey alone.
	KeyDown(key fyne.KeyName)
	KeyUp(key fyne.KeyName)
	// TypedKey returns true if it has handled the key itself.
	TypedKey(key fyne.KeyName) bool
}

// ShortcutKeys is a Keys that is offered shortcuts too. Fyne gives a shortcut to the focused
// widget alone if the widget takes any, and to the canvas only if it takes none.
type ShortcutKeys interface {
	Keys
	// TypedShortcut returns true if it has handled the shortcut itself. It is called again
	// for each repeat of a key that is held.
	TypedShortcut(shortcut fyne.Shortcut) (handled bool)
}

// ClipboardKeys is a Keys that reads the clipboard for a paste. The toolkit would wait without
// limit for the program that has copied.
type ClipboardKeys interface {
	Keys
	// ReadClipboard calls take with the text on the clipboard later, on the goroutine of the
	// window. It returns false if the toolkit is to read it.
	ReadClipboard(take func(text string)) bool
	// PasteTooLong is called in place of a paste of more than MaxPaste.
	PasteTooLong()
}

// MaxPaste is the maximum size of a text that is pasted into an entry, in bytes. A longer one
// would stop the window for seconds, and is pasted by mistake.
const MaxPaste = 64 << 10

// KeysFunc is a Keys that is TypedKey alone.
type KeysFunc func(key fyne.KeyName) bool

// KeyDown implements Keys.
func (KeysFunc) KeyDown(fyne.KeyName) {}

// KeyUp implements Keys.
func (KeysFunc) KeyUp(fyne.KeyName) {}

// TypedKey implements Keys.
func (f KeysFunc) TypedKey(key fyne.KeyName) bool { return f(key) }

// keyed is what the widgets of this package have alike: a key acts once for each time that
// it goes down, and only on the widget that had the focus then. A key that moves or types
// may repeat.
type keyed struct {
	Keys Keys // may be nil

	fresh fyne.KeyName // the key that went down and has not acted yet; "" for none
}

// KeyDown implements desktop.Keyable.
func (k *keyed) KeyDown(event *fyne.KeyEvent) {
	k.fresh = event.Name
	if k.Keys != nil {
		k.Keys.KeyDown(event.Name)
	}
}

// KeyUp implements desktop.Keyable.
func (k *keyed) KeyUp(event *fyne.KeyEvent) {
	if k.Keys != nil {
		k.Keys.KeyUp(event.Name)
	}
}

// done reports whether there is nothing left for the widget to do: Keys has handled the
// key, or it is a repeat of a key that acts once.
func (k *keyed) done(event *fyne.KeyEvent, repeats bool) bool {
	isFresh := k.fresh == event.Name
	if isFresh {
		k.fresh = ""
	} else if !repeats {
		return true
	}
	return k.Keys != nil && k.Keys.TypedKey(event.Name)
}

// offer reports whether Keys has handled a shortcut.
func (k *keyed) offer(shortcut fyne.Shortcut) bool {
	keys, ok := k.Keys.(ShortcutKeys)
	return ok && keys.TypedShortcut(shortcut)
}

// offerCustom is offer for a widget with text, whose own shortcuts are those that Fyne names.
func (k *keyed) offerCustom(shortcut fyne.Shortcut) bool {
	_, ok := shortcut.(*desktop.CustomShortcut)
	return ok && k.offer(shortcut)
}

// TypedShortcut implements fyne.Shortcutable.
func (k *keyed) TypedShortcut(shortcut fyne.Shortcut) { k.offer(shortcut) }

// heldKeys is a Keys that is told which keys are down, and nothing else: those of what lies
// over the window.
type heldKeys struct{ outer Keys }

func (k heldKeys) KeyDown(key fyne.KeyName) {
	if k.outer != nil {
		k.outer.KeyDown(key)
	}
}

func (k heldKeys) KeyUp(key fyne.KeyName) {
	if k.outer != nil {
		k.outer.KeyUp(key)
	}
}

func (k heldKeys) TypedKey(fyne.KeyName) bool { return false }

// moves reports whether a key moves something, and so may repeat everywhere.
func moves(event *fyne.KeyEvent) bool {
	return slices.Contains([]fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown}, event.Name)
}

// types reports whether a key of an entry may repeat: all but those that act.
func types(event *fyne.KeyEvent) bool {
	switch event.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape, desktop.KeyMenu,
		fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6, fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		return false
	}
	return true
}

func isEnter(event *fyne.KeyEvent) bool {
	return event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter
}

// shiftKey records whether a Shift key is held.
type shiftKey bool

func (s *shiftKey) update(event *fyne.KeyEvent, down bool) {
	if event.Name == desktop.KeyShiftLeft || event.Name == desktop.KeyShiftRight {
		*s = shiftKey(down)
	}
}

// given is a clipboard whose content is read as a text.
type given struct {
	fyne.Clipboard
	text string
}

func (g given) Content() string { return g.text }

// pasteLater reads the clipboard for a paste, and calls paste with the text once that has come.
// It returns false for that call.
func (k *keyed) pasteLater(s *fyne.ShortcutPaste, paste func(fyne.Shortcut)) bool {
	if _, has := s.Clipboard.(given); has {
		return false
	}
	take := func(text string) {
		paste(&fyne.ShortcutPaste{Clipboard: given{s.Clipboard, text}, Secondary: s.Secondary})
	}
	keys, ok := k.Keys.(ClipboardKeys)
	if ok && keys.ReadClipboard(take) {
		return true
	}
	text := s.Clipboard.Content()
	switch {
	case len(text) <= MaxPaste:
		take(text)
	case ok:
		keys.PasteTooLong()
	}
	return true
}
