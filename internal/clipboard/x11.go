//go:build unix && !darwin

package clipboard

import (
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// X11 owns the clipboard of an X display for the copies that the guard makes. The
// toolkit's own way offers a copy to the clipboard manager when the program ends,
// waits without limit for an owner that hangs, and cannot say that a text is a
// password: this one never offers, never reads, and carries the hint of KDE.
//
// A copy is gone with the process. Its methods may be called from any goroutine.
type X11 struct {
	conn   *xgb.Conn
	window xproto.Window
	atoms  map[string]xproto.Atom

	mu    sync.Mutex
	text  []byte
	owned bool
}

// The names of what another program may ask a copy for.
const (
	atomClipboard = "CLIPBOARD"
	atomTargets   = "TARGETS"
	atomUTF8      = "UTF8_STRING"
	atomPlain     = "text/plain;charset=utf-8"
	atomText      = "TEXT"
	atomHint      = "x-kde-passwordManagerHint" // Klipper and others keep no history of what has it
)

// hint is the value of atomHint.
const hint = "secret"

// NewX11 connects to a display; "" is that of the environment.
func NewX11(display string) (*X11, error) {
	xgb.Logger.SetOutput(io.Discard) // its remarks are not for users
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("connect to the display: %w", err)
	}
	x := &X11{conn: conn, atoms: map[string]xproto.Atom{}}
	for _, name := range []string{atomClipboard, atomTargets, atomUTF8, atomPlain, atomText, atomHint} {
		reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			conn.Close()
			return nil, fmt.Errorf("intern %s: %w", name, err)
		}
		x.atoms[name] = reply.Atom
	}
	if x.window, err = xproto.NewWindowId(conn); err == nil {
		screen := xproto.Setup(conn).DefaultScreen(conn)
		err = xproto.CreateWindowChecked(conn, screen.RootDepth, x.window, screen.Root, 0, 0, 1, 1, 0,
			xproto.WindowClassInputOutput, screen.RootVisual, 0, nil).Check()
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("make a window: %w", err)
	}
	go x.serve()
	return x, nil
}

// Close gives the clipboard up.
func (x *X11) Close() {
	x.Clear()
	x.conn.Close()
}

// SetSecret implements [SecretClipboard].
func (x *X11) SetSecret(text string) bool {
	x.mu.Lock()
	x.text, x.owned = []byte(text), true
	x.mu.Unlock()
	err := xproto.SetSelectionOwnerChecked(x.conn, x.window, x.atoms[atomClipboard], xproto.TimeCurrentTime).Check()
	if err != nil || !x.isOwner() {
		x.lose()
		return false
	}
	return true
}

// Holds implements [SecretClipboard].
func (x *X11) Holds() bool {
	x.mu.Lock()
	owned := x.owned
	x.mu.Unlock()
	return owned && x.isOwner()
}

// Clear implements [SecretClipboard].
func (x *X11) Clear() {
	if x.Holds() {
		_ = xproto.SetSelectionOwnerChecked(x.conn, xproto.WindowNone, x.atoms[atomClipboard], xproto.TimeCurrentTime).Check()
	}
	x.lose()
}

func (x *X11) isOwner() bool {
	reply, err := xproto.GetSelectionOwner(x.conn, x.atoms[atomClipboard]).Reply()
	return err == nil && reply.Owner == x.window
}

func (x *X11) lose() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.text, x.owned = nil, false
}

// serve answers other programs until the connection ends.
func (x *X11) serve() {
	for {
		event, err := x.conn.WaitForEvent()
		switch e := event.(type) {
		case xproto.SelectionRequestEvent:
			x.answer(e)
		case xproto.SelectionClearEvent:
			if !x.isOwner() { // another program copied something
				x.lose()
			}
		case nil:
			if err == nil { // the connection is closed
				x.lose()
				return
			}
		}
	}
}

// answer gives a copy to a program that asks for it.
func (x *X11) answer(request xproto.SelectionRequestEvent) {
	property := request.Property
	if property == xproto.AtomNone { // of an old program
		property = request.Target
	}
	x.mu.Lock()
	text, owned := slices.Clone(x.text), x.owned
	x.mu.Unlock()
	kind, format, data := request.Target, byte(8), text
	switch request.Target {
	case x.atoms[atomTargets]:
		kind, format, data = xproto.AtomAtom, 32, nil
		for _, atom := range []xproto.Atom{x.atoms[atomTargets], x.atoms[atomUTF8], x.atoms[atomPlain], x.atoms[atomText], xproto.AtomString, x.atoms[atomHint]} {
			data = append(data, make([]byte, 4)...)
			xgb.Put32(data[len(data)-4:], uint32(atom))
		}
	case x.atoms[atomHint]:
		data = []byte(hint)
	case x.atoms[atomText]:
		kind = x.atoms[atomUTF8]
	case x.atoms[atomUTF8], x.atoms[atomPlain], xproto.AtomString:
	default:
		owned = false
	}
	if request.Selection != x.atoms[atomClipboard] || !owned {
		property = xproto.AtomNone
	} else if err := xproto.ChangePropertyChecked(x.conn, xproto.PropModeReplace, request.Requestor, property, kind, format,
		uint32(len(data)/int(format/8)), data).Check(); err != nil {
		property = xproto.AtomNone
	}
	notify := xproto.SelectionNotifyEvent{Time: request.Time, Requestor: request.Requestor, Selection: request.Selection, Target: request.Target, Property: property}
	_ = xproto.SendEventChecked(x.conn, false, request.Requestor, xproto.EventMaskNoEvent, string(notify.Bytes())).Check()
}
