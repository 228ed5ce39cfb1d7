//go:build unix && !darwin

package clipboard

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/jezek/xgb/xproto"
)

// managers are the clipboard managers that do not own CLIPBOARD_MANAGER, each by a part of
// the class, or the end of the name, of a window of its own. Every one of them keeps a copy
// although it has the hint of KDE (CopyQ 6.4.0, parcellite 1.2.1, ClipIt 1.4.4, Diodon 1.13.0,
// autocutsel 0.10.1).
var managers = [][]byte{
	[]byte("autocutsel"), []byte("clipit"), []byte("copyq"), []byte("diodon"), []byte("parcellite"),
}

// replacement takes the place of a copy. Managers put back the copy in place of an empty text
// (parcellite), or of one that has only white space (Diodon).
const replacement = "-"

const (
	// readLimit is the time that another program gets to give its selection.
	readLimit = time.Second
	// maxRead is how much of a text is read, in bytes; a copy of this program is shorter.
	maxRead = 64 << 10
	// replaceTries is how often a selection is looked at that changes while it is replaced,
	// and replacePause the time between two looks.
	replaceTries = 3
	replacePause = 20 * time.Millisecond
	// pollTime is a little more than the time between two looks of the managers that poll
	// the clipboard.
	pollTime = 700 * time.Millisecond
	// keepTime is what a manager needs to ask for all that it wants, and to keep it.
	keepTime = 300 * time.Millisecond
)

// HasManager implements [SharedClipboard].
func (x *X11) HasManager() bool {
	return limited(x11Limit, func(context.Context) bool { return x.hasManager() }, func() {})
}

func (x *X11) hasManager() bool {
	if x.owner(x.atoms[atomManager]) != 0 {
		return true
	}
	tree, err := xproto.QueryTree(x.conn, x.root).Reply()
	if err != nil {
		return false
	}
	ask := func(property xproto.Atom) (asked []xproto.GetPropertyCookie) {
		for _, window := range tree.Children {
			asked = append(asked, xproto.GetProperty(x.conn, false, window, property, xproto.GetPropertyTypeAny, 0, 64))
		}
		return asked
	}
	classes, names := ask(xproto.AtomWmClass), ask(xproto.AtomWmName) // all before the first answer
	return anyIs(classes, bytes.Contains) || anyIs(names, bytes.HasSuffix)
}

// anyIs reports whether a property names a manager.
func anyIs(asked []xproto.GetPropertyCookie, names func(value, manager []byte) bool) bool {
	for _, cookie := range asked {
		reply, err := cookie.Reply()
		if err != nil { // the window is gone
			continue
		}
		value := bytes.ToLower(reply.Value)
		if slices.ContainsFunc(managers, func(manager []byte) bool { return names(value, manager) }) {
			return true
		}
	}
	return false
}

// Erase implements [SharedClipboard]. It looks at the selections CLIPBOARD and PRIMARY and at
// the cut buffer of the root window. It returns once the managers had time to see what took
// the place of the copy, so that they do not put it back when this program ends.
func (x *X11) Erase(sum Sum) bool {
	return limited(2*readLimit+x11Limit, func(ctx context.Context) bool {
		found := x.eraseCutBuffer(sum)
		for _, selection := range []xproto.Atom{x.atoms[atomClipboard], xproto.AtomPrimary} {
			found = x.replace(ctx, selection, sum) || found
		}
		x.settle(ctx)
		return found
	}, func() {})
}

// eraseCutBuffer empties CUT_BUFFER0 if it holds the copy, and reports whether it did.
func (x *X11) eraseCutBuffer(sum Sum) bool {
	reply, err := xproto.GetProperty(x.conn, false, x.root, xproto.AtomCutBuffer0, xproto.GetPropertyTypeAny, 0, maxRead/4).Reply()
	if err != nil || SumOf(reply.Value) != sum {
		return false
	}
	clear(reply.Value)
	_ = xproto.DeletePropertyChecked(x.conn, x.root, xproto.AtomCutBuffer0).Check()
	return true
}

// replace takes a selection over if another program offers the copy in it, and reports
// whether one did. What was copied in the millisecond of the look, the unit of the server's
// clock, is left at first and looked at again after a pause, in which a copy that is being
// made arrives.
func (x *X11) replace(ctx context.Context, selection xproto.Atom, sum Sum) (found bool) {
	for range replaceTries {
		owner := x.owner(selection)
		x.mu.Lock()
		_, own := x.offers[owner]
		x.mu.Unlock()
		if owner == 0 || own {
			return found
		}
		at := x.now(ctx)
		text := x.read(ctx, selection, at)
		same := SumOf(text) == sum
		clear(text)
		if !same {
			return found
		}
		found = true
		x.changing.Lock()
		_, ok := x.own(selection, &offer{text: []byte(replacement)}, at-1) // not what was copied meanwhile
		x.changing.Unlock()
		if ok {
			break
		}
		x.pause(ctx, replacePause, nil)
	}
	return found
}

// read returns the text of a selection, or its beginning; nil if its owner gives none in
// time.
func (x *X11) read(ctx context.Context, selection xproto.Atom, at xproto.Timestamp) []byte {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	window, events, err := x.newWindow()
	if err != nil {
		return nil
	}
	defer x.drop(window)
	if xproto.ConvertSelectionChecked(x.conn, window, selection, x.atoms[atomUTF8], x.atoms[atomText], at).Check() != nil {
		return nil
	}
	event, ok := await[xproto.SelectionNotifyEvent](ctx, x, events)
	if !ok || event.Property == xproto.AtomNone {
		return nil
	}
	reply, err := xproto.GetProperty(x.conn, true, window, event.Property, x.atoms[atomUTF8], 0, maxRead/4).Reply()
	if err != nil {
		return nil
	}
	return reply.Value
}

// settle waits until the managers have had the time to keep each replacement.
func (x *X11) settle(ctx context.Context) {
	x.mu.Lock()
	var replacements []*offer
	for _, o := range x.offers {
		if !o.secret {
			replacements = append(replacements, o)
		}
	}
	x.mu.Unlock()
	for _, o := range replacements {
		x.pause(ctx, time.Until(o.made.Add(pollTime)), o.asked)
		if time.Since(o.made) < pollTime+keepTime {
			x.pause(ctx, keepTime, nil)
		}
	}
}

// pause waits for d, or until earlier is closed or the connection ends.
func (x *X11) pause(ctx context.Context, d time.Duration, earlier <-chan struct{}) {
	select {
	case <-time.After(d):
	case <-earlier:
	case <-x.ended:
	case <-ctx.Done():
	}
}
