//go:build unix && !darwin

package clipboard

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// X11 owns the clipboard of an X display for the copies that the guard makes. The
// toolkit's own way offers a copy to the clipboard manager when the program ends,
// waits without limit for an owner that hangs, and cannot say that a text is a
// password: this one never offers, reads with a limit, and carries the hint of KDE.
//
// Each copy has a window of its own, so that what the server says of a lost selection
// is about one copy, and so that destroying the window gives up that copy and no other.
//
// A copy is gone with the process. The methods may be called from any goroutine.
type X11 struct {
	conn  *xgb.Conn
	root  xproto.Window
	atoms map[string]xproto.Atom
	ended chan struct{} // closed with the connection

	changing sync.Mutex // held while this program takes or gives up a selection

	mu     sync.Mutex
	offers map[xproto.Window]*offer
	events map[xproto.Window]chan xgb.Event // for who waits for an event
	copied xproto.Window                    // of the last copy, 0 for none
}

// offer is a text that this program gives to others.
type offer struct {
	selection xproto.Atom
	text      []byte
	secret    bool
	made      time.Time
	asked     chan struct{} // closed once another program has asked for the text
	once      sync.Once
}

// The names of what another program may ask a copy for, and of selections.
const (
	atomClipboard   = "CLIPBOARD"
	atomManager     = "CLIPBOARD_MANAGER"
	atomTargets     = "TARGETS"
	atomUTF8        = "UTF8_STRING"
	atomPlain       = "text/plain;charset=utf-8"
	atomText        = "TEXT"
	atomIncremental = "INCR"                      // what comes in parts
	atomHint        = "x-kde-passwordManagerHint" // Klipper and others keep no history of what has it
)

// hint is the value of atomHint.
const hint = "secret"

// x11Limit is the time that the server gets for all that one call needs.
const x11Limit = 2 * time.Second

// NewX11 connects to a display; "" is that of the environment.
func NewX11(display string) (*X11, error) {
	xgb.Logger.SetOutput(io.Discard) // its remarks are not for users
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("connect to the display: %w", err)
	}
	x := &X11{
		conn: conn, root: xproto.Setup(conn).DefaultScreen(conn).Root, ended: make(chan struct{}),
		atoms: map[string]xproto.Atom{}, offers: map[xproto.Window]*offer{}, events: map[xproto.Window]chan xgb.Event{},
	}
	for _, name := range []string{atomClipboard, atomManager, atomTargets, atomUTF8, atomPlain, atomText, atomIncremental, atomHint} {
		reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			conn.Close()
			return nil, fmt.Errorf("intern %s: %w", name, err)
		}
		x.atoms[name] = reply.Atom
	}
	go x.serve()
	return x, nil
}

// Close gives the clipboard up.
func (x *X11) Close() {
	x.Clear()
	limited(x11Limit, func(context.Context) bool { x.conn.Close(); return true }, func() {})
}

// limited calls f, which waits for the server. It returns false if f does, or if f takes
// longer than limit; then undo is called should f still end with true.
func limited(limit time.Duration, f func(context.Context) bool, undo func()) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	result := make(chan bool)
	go func() {
		ok := f(ctx)
		select {
		case result <- ok:
		case <-ctx.Done():
			if ok {
				undo()
			}
		}
	}()
	select {
	case ok := <-result:
		return ok
	case <-ctx.Done():
		return false
	}
}

// SetSecret implements [SecretClipboard]. It says yes only if the server has confirmed that
// this copy is the clipboard's.
func (x *X11) SetSecret(text string) bool {
	return limited(x11Limit, func(ctx context.Context) bool {
		x.changing.Lock()
		defer x.changing.Unlock()
		window, ok := x.own(x.atoms[atomClipboard], &offer{text: []byte(text), secret: true}, x.now(ctx))
		if ok {
			x.setCopied(window)
		}
		return ok
	}, x.giveUp)
}

// Holds implements [SecretClipboard].
func (x *X11) Holds() bool {
	return limited(x11Limit, func(context.Context) bool { return x.holds() }, func() {})
}

func (x *X11) holds() bool {
	x.mu.Lock()
	window := x.copied
	x.mu.Unlock()
	return window != 0 && x.owner(x.atoms[atomClipboard]) == window
}

// Clear implements [SecretClipboard]. Where a clipboard manager runs, a replacement takes the
// place of the copy, because managers restore what was there before an empty clipboard.
func (x *X11) Clear() {
	limited(x11Limit, func(ctx context.Context) bool {
		managed := x.hasManager()
		x.changing.Lock()
		defer x.changing.Unlock()
		if at := x.now(ctx); managed && x.holds() {
			x.own(x.atoms[atomClipboard], &offer{text: []byte(replacement)}, at-1) // not what was copied in this millisecond
		}
		x.drop(x.setCopied(0))
		return true
	}, func() {})
}

// giveUp forgets the copy, and gives up the clipboard if it holds it.
func (x *X11) giveUp() {
	x.changing.Lock()
	defer x.changing.Unlock()
	x.drop(x.setCopied(0))
}

// setCopied records the window of the last copy, and returns the one before.
func (x *X11) setCopied(window xproto.Window) (before xproto.Window) {
	x.mu.Lock()
	defer x.mu.Unlock()
	before, x.copied = x.copied, window
	return before
}

// owner returns the owner of a selection, 0 if there is none or the server does not say.
func (x *X11) owner(selection xproto.Atom) xproto.Window {
	reply, err := xproto.GetSelectionOwner(x.conn, selection).Reply()
	if err != nil {
		return 0
	}
	return reply.Owner
}

// own makes a selection offer a text, from a new window, and reports whether the server
// confirms it. It changes nothing if another program has taken the selection since the
// time at, or if at is 0. The caller holds changing.
func (x *X11) own(selection xproto.Atom, o *offer, at xproto.Timestamp) (xproto.Window, bool) {
	if at == 0 { // to the server it would mean now
		return 0, false
	}
	window, _, err := x.newWindow()
	if err != nil {
		return 0, false
	}
	o.selection, o.made, o.asked = selection, time.Now(), make(chan struct{})
	x.mu.Lock()
	x.offers[window] = o // before the first request for it
	x.mu.Unlock()
	err = xproto.SetSelectionOwnerChecked(x.conn, window, selection, at).Check()
	if err != nil || x.owner(selection) != window {
		x.drop(window)
		return 0, false
	}
	x.mu.Lock()
	var before []xproto.Window // the server does not tell a program that it lost to itself
	for other, o := range x.offers {
		if other != window && o.selection == selection {
			before = append(before, other)
		}
	}
	x.mu.Unlock()
	for _, other := range before {
		x.drop(other)
	}
	return window, true
}

// newWindow makes a window that is never shown, and a channel with the events about it.
func (x *X11) newWindow() (xproto.Window, <-chan xgb.Event, error) {
	window, err := xproto.NewWindowId(x.conn)
	if err != nil {
		return 0, nil, err
	}
	events := make(chan xgb.Event, 8)
	x.mu.Lock()
	x.events[window] = events
	x.mu.Unlock()
	err = xproto.CreateWindowChecked(x.conn, 0, window, x.root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		x.drop(window)
	}
	return window, events, err
}

// drop destroys a window, and with it the selection that it owns. 0 is none.
func (x *X11) drop(window xproto.Window) {
	if window == 0 {
		return
	}
	x.mu.Lock()
	delete(x.offers, window)
	delete(x.events, window)
	x.mu.Unlock()
	_ = xproto.DestroyWindowChecked(x.conn, window).Check()
}

// now returns the server's time, which the server tells with a change of a property (ICCCM,
// section 2.1); 0 if it does not.
func (x *X11) now(ctx context.Context) xproto.Timestamp {
	window, events, err := x.newWindow()
	if err != nil {
		return 0
	}
	defer x.drop(window)
	err = xproto.ChangePropertyChecked(x.conn, xproto.PropModeAppend, window, x.atoms[atomText], xproto.AtomString, 8, 0, nil).Check()
	if err != nil {
		return 0
	}
	event, _ := await[xproto.PropertyNotifyEvent](ctx, x, events)
	return event.Time
}

// await returns the next event of a kind.
func await[E xgb.Event](ctx context.Context, x *X11, events <-chan xgb.Event) (event E, ok bool) {
	for {
		select {
		case next := <-events:
			if event, ok = next.(E); ok {
				return event, true
			}
		case <-x.ended:
			return event, false
		case <-ctx.Done():
			return event, false
		}
	}
}

// serve answers other programs until the connection ends.
func (x *X11) serve() {
	defer close(x.ended)
	for {
		event, err := x.conn.WaitForEvent()
		switch e := event.(type) {
		case xproto.SelectionRequestEvent:
			x.answer(e)
		case xproto.SelectionClearEvent: // another program took the selection
			x.drop(e.Owner)
		case xproto.PropertyNotifyEvent:
			x.deliver(e.Window, e)
		case xproto.SelectionNotifyEvent:
			x.deliver(e.Requestor, e)
		case nil:
			if err == nil { // the connection is closed
				return
			}
		}
	}
}

// deliver gives an event to who waits for it.
func (x *X11) deliver(window xproto.Window, event xgb.Event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	select {
	case x.events[window] <- event:
	default: // nobody waits
	}
}

// answer gives a text to a program that asks for it.
func (x *X11) answer(request xproto.SelectionRequestEvent) {
	property := request.Property
	if property == xproto.AtomNone { // of an old program
		property = request.Target
	}
	kind, format, data := x.content(request)
	if data == nil {
		property = xproto.AtomNone
	} else if err := xproto.ChangePropertyChecked(x.conn, xproto.PropModeReplace, request.Requestor, property, kind, format,
		uint32(len(data)/int(format/8)), data).Check(); err != nil {
		property = xproto.AtomNone
	}
	notify := xproto.SelectionNotifyEvent{Time: request.Time, Requestor: request.Requestor, Selection: request.Selection, Target: request.Target, Property: property}
	_ = xproto.SendEventChecked(x.conn, false, request.Requestor, xproto.EventMaskNoEvent, string(notify.Bytes())).Check()
}

// content returns what a program asks for; nil data if there is nothing of that kind.
func (x *X11) content(request xproto.SelectionRequestEvent) (kind xproto.Atom, format byte, data []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	o := x.offers[request.Owner]
	if o == nil {
		return 0, 8, nil
	}
	kind, format = request.Target, 8
	switch request.Target {
	case x.atoms[atomTargets]:
		targets := []xproto.Atom{x.atoms[atomTargets], x.atoms[atomUTF8], x.atoms[atomPlain], x.atoms[atomText], xproto.AtomString}
		if o.secret {
			targets = append(targets, x.atoms[atomHint])
		}
		data = make([]byte, 4*len(targets))
		for i, atom := range targets {
			xgb.Put32(data[4*i:], uint32(atom))
		}
		return xproto.AtomAtom, 32, data
	case x.atoms[atomHint]:
		if o.secret {
			data = []byte(hint)
		}
		return kind, format, data
	case x.atoms[atomText]:
		kind = x.atoms[atomUTF8]
	case x.atoms[atomUTF8], x.atoms[atomPlain], xproto.AtomString:
	default:
		return kind, format, nil
	}
	o.once.Do(func() { close(o.asked) })
	return kind, format, slices.Clone(o.text)
}
