//go:build unix && !darwin

package clipboard

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// errDisplay says that the server ended the connection, or refused a request.
var errDisplay = errors.New("the display does not give the clipboard")

// errRefused says that the owner of a selection has no text of a kind.
var errRefused = errors.New("the clipboard has no such text")

// Read implements [Reader].
func (x *X11) Read(ctx context.Context, limit int) (string, error) {
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() { // the server may hang too
		text, err := x.paste(ctx, limit)
		done <- answer{text, err}
	}()
	select {
	case a := <-done:
		if a.err != nil && ctx.Err() != nil {
			return "", fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
		}
		return a.text, a.err
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
	}
}

func (x *X11) paste(ctx context.Context, limit int) (string, error) {
	owner, err := xproto.GetSelectionOwner(x.conn, x.atoms[atomClipboard]).Reply()
	switch {
	case err != nil:
		return "", errDisplay
	case owner.Owner == 0:
		return "", nil
	}
	at := x.now(ctx)
	if at == 0 {
		return "", errDisplay
	}
	for _, kind := range []xproto.Atom{x.atoms[atomUTF8], xproto.AtomString} {
		data, err := x.convert(ctx, kind, at, limit)
		switch {
		case errors.Is(err, errRefused):
			continue
		case err != nil:
			return "", err
		}
		text := string(data)
		if kind == xproto.AtomString {
			text = latin1(data)
		}
		text, _, _ = strings.Cut(text, "\x00") // some programs add it
		if text = strings.ToValidUTF8(text, "\ufffd"); len(text) > limit {
			return "", ErrTooLong
		}
		return text, nil
	}
	return "", nil
}

// convert returns what the owner of the clipboard gives as a kind of text, at once or in
// parts (ICCCM, section 2.7.2).
func (x *X11) convert(ctx context.Context, kind xproto.Atom, at xproto.Timestamp, limit int) ([]byte, error) {
	window, events, err := x.newWindow()
	if err != nil {
		return nil, errDisplay
	}
	defer x.drop(window)
	property := x.atoms[atomText]
	// take returns what is in the property, or its beginning, which is longer than limit. It
	// removes what it returns whole.
	take := func(limit int) (*xproto.GetPropertyReply, error) {
		reply, err := xproto.GetProperty(x.conn, true, window, property, xproto.GetPropertyTypeAny, 0, uint32(limit/4+1)).Reply()
		if err != nil {
			return nil, errDisplay
		}
		return reply, nil
	}

	if xproto.ConvertSelectionChecked(x.conn, window, x.atoms[atomClipboard], kind, property, at).Check() != nil {
		return nil, errDisplay
	}
	event, ok := await[xproto.SelectionNotifyEvent](ctx, x, events)
	switch {
	case !ok:
		return nil, errDisplay
	case event.Property != property:
		return nil, errRefused
	}
	reply, err := take(max(limit, 0))
	switch {
	case err != nil:
		return nil, err
	case reply.Type != x.atoms[atomIncremental]:
		return textOf(reply)
	case reply.Format == 32 && len(reply.Value) >= 4 && int64(xgb.Get32(reply.Value)) > int64(limit): // or more
		return nil, ErrTooLong
	}
	var text []byte
	for {
		event, ok := await[xproto.PropertyNotifyEvent](ctx, x, events)
		switch {
		case !ok:
			return nil, errDisplay
		case event.Atom != property || event.State != xproto.PropertyNewValue:
			continue
		}
		reply, err := take(limit - len(text))
		if err != nil {
			return nil, err
		}
		part, err := textOf(reply)
		switch {
		case reply.Type == xproto.AtomNone: // what was written twice was taken after the first event
		case err != nil || len(part) == 0: // the end
			return text, err
		case len(text)+len(part) > limit:
			return nil, ErrTooLong
		}
		text = append(text, part...)
	}
}

// latin1 returns a text in the encoding of STRING, which is ISO Latin-1 (ICCCM, section 2.6.2).
func latin1(data []byte) string {
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return string(runes)
}

// textOf returns the text of a property.
func textOf(reply *xproto.GetPropertyReply) ([]byte, error) {
	if reply.Format != 8 {
		return nil, errRefused
	}
	return reply.Value, nil
}
