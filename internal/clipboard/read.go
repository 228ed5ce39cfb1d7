package clipboard

import (
	"context"
	"errors"
)

var (
	// ErrTooLong says that the text on the clipboard is longer than the caller takes.
	ErrTooLong = errors.New("the text on the clipboard is too long")
	// ErrTimeout says that the program which owns the clipboard, or the display, did not
	// give all of the text in time.
	ErrTimeout = errors.New("the text on the clipboard does not come")
)

// Reader reads the text on the clipboard, of whatever program, with limits.
type Reader interface {
	// Read returns the text, of at most limit bytes of UTF-8; "" if there is none. It
	// returns when ctx ends, whatever other programs do. It is not called on the window's
	// goroutine, which may be the one that has to give the text.
	Read(ctx context.Context, limit int) (string, error)
}

// ReaderOf returns the reader of a system's clipboard; nil where only the toolkit reads it.
//
// There the toolkit waits without limit for a program that makes its text only when it is
// asked. On Windows and macOS few programs do: the system has the text of the others. On
// Wayland all do, so that one that hangs would freeze the window; Amarre is there only where
// there is no X11 (see package desktop).
func ReaderOf(board SecretClipboard) Reader {
	reader, _ := board.(Reader)
	return reader
}
