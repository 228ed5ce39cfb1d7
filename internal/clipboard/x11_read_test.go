//go:build e2e && unix && !darwin

package clipboard

import (
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"amarre/internal/displaytest"
)

// program is another program, which owns the clipboard and answers as a test wants.
type program struct {
	conn   *xgb.Conn
	window xproto.Window
	atoms  map[string]xproto.Atom
}

// startProgram makes a program own the clipboard. answer is called for each request.
func startProgram(t *testing.T, display string, x *X11, answer func(*program, xproto.SelectionRequestEvent)) *program {
	t.Helper()
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{conn: conn, atoms: x.atoms}
	if p.window, err = xproto.NewWindowId(conn); err != nil {
		t.Fatal(err)
	}
	if err := xproto.CreateWindowChecked(conn, 0, p.window, x.root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.SetSelectionOwnerChecked(conn, p.window, x.atoms[atomClipboard], xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			event, err := conn.WaitForEvent()
			if request, ok := event.(xproto.SelectionRequestEvent); ok {
				answer(p, request)
			} else if event == nil && err == nil {
				return
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-ended })
	return p
}

// put writes a property of the window that asks.
func (p *program) put(request xproto.SelectionRequestEvent, kind xproto.Atom, format byte, data []byte) {
	_ = xproto.ChangePropertyChecked(p.conn, xproto.PropModeReplace, request.Requestor, request.Property, kind, format, uint32(len(data)/int(format/8)), data).Check()
}

// notify tells the window that asks where the answer is.
func (p *program) notify(request xproto.SelectionRequestEvent, property xproto.Atom) {
	event := xproto.SelectionNotifyEvent{Time: request.Time, Requestor: request.Requestor, Selection: request.Selection, Target: request.Target, Property: property}
	_ = xproto.SendEventChecked(p.conn, false, request.Requestor, xproto.EventMaskNoEvent, string(event.Bytes())).Check()
}

// give answers with texts by their kind, each at once.
func give(texts map[string]string) func(*program, xproto.SelectionRequestEvent) {
	return func(p *program, request xproto.SelectionRequestEvent) {
		for kind, text := range texts {
			atom := p.atoms[kind]
			if kind == "STRING" {
				atom = xproto.AtomString
			}
			if request.Target == atom {
				p.put(request, atom, 8, []byte(text))
				p.notify(request, request.Property)
				return
			}
		}
		p.notify(request, xproto.AtomNone)
	}
}

// giveParts answers in parts, after it has announced a size, and writes each part that has more
// than a byte twice. If it is to vanish, it closes its connection in place of the end.
func giveParts(announced uint32, vanish bool, parts ...string) func(*program, xproto.SelectionRequestEvent) {
	return func(p *program, request xproto.SelectionRequestEvent) {
		_ = xproto.ChangeWindowAttributesChecked(p.conn, request.Requestor, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
		size := make([]byte, 4)
		xgb.Put32(size, announced)
		p.put(request, p.atoms[atomIncremental], 32, size)
		p.notify(request, request.Property)
		for _, part := range append(parts, "") {
			for {
				event, err := p.conn.WaitForEvent()
				if event == nil && err == nil {
					return
				}
				if change, ok := event.(xproto.PropertyNotifyEvent); ok && change.Window == request.Requestor && change.State == xproto.PropertyDelete {
					break
				}
			}
			if part == "" && vanish {
				p.conn.Close()
				return
			}
			_ = xproto.GrabServerChecked(p.conn).Check() // nobody reads in between
			if len(part) > 1 {
				p.put(request, p.atoms[atomUTF8], 8, []byte(part[:1]))
			}
			p.put(request, p.atoms[atomUTF8], 8, []byte(part))
			_ = xproto.UngrabServerChecked(p.conn).Check()
		}
	}
}

// split returns a text in parts of at most n bytes.
func split(text string, n int) (parts []string) {
	for len(text) > n {
		parts, text = append(parts, text[:n]), text[n:]
	}
	return append(parts, text)
}

// TestReadWhatAnotherProgramCopied: whole, in whatever way the program gives it, or not at all.
func TestReadWhatAnotherProgramCopied(t *testing.T) {
	display := displaytest.Start(t)
	x := connect(t, display)
	const limit = 1 << 20
	megabyte := strings.Repeat("0123456789abcdé", limit/16)
	for _, c := range []struct {
		name   string
		answer func(*program, xproto.SelectionRequestEvent)
		limit  int
		want   string
		err    error
	}{
		{"UTF-8", give(map[string]string{atomUTF8: "Sète €", "STRING": "S?te"}), limit, "Sète €", nil},
		{"Latin-1", give(map[string]string{"STRING": "S\xe8te"}), limit, "Sète", nil},
		{"Latin-1 that is too long in UTF-8", give(map[string]string{"STRING": "S\xe8te"}), 4, "", ErrTooLong},
		{"no text", give(nil), limit, "", nil},
		{"an empty text", give(map[string]string{atomUTF8: ""}), limit, "", nil},
		{"a NUL at the end", give(map[string]string{atomUTF8: "a\x00"}), limit, "a", nil},
		{"bytes that are not UTF-8", give(map[string]string{atomUTF8: "a\xffb"}), limit, "a\ufffdb", nil},
		{"as long as may be", give(map[string]string{atomUTF8: "123456789"}), 9, "123456789", nil},
		{"a byte too long", give(map[string]string{atomUTF8: "123456789"}), 8, "", ErrTooLong},
		{"much too long", give(map[string]string{atomUTF8: strings.Repeat("x", 200<<10)}), 100, "", ErrTooLong},
		{"nothing wanted", give(map[string]string{atomUTF8: "a"}), 0, "", ErrTooLong},
		{"in parts", giveParts(uint32(len(megabyte)), false, split(megabyte, 60001)...), limit, megabyte, nil},
		{"in parts of a byte", giveParts(0, false, split("Sète", 1)...), limit, "Sète", nil},
		{"in no parts", giveParts(0, false), limit, "", nil},
		{"in parts, as long as may be", giveParts(0, false, split("123456789", 4)...), 9, "123456789", nil},
		{"in parts, a byte too long", giveParts(0, false, split("123456789", 4)...), 8, "", ErrTooLong},
		{"in parts that are too long", giveParts(0, false, split(megabyte, 60001)...), 64 << 10, "", ErrTooLong},
		{"in parts without end", giveParts(0, false, slices.Repeat([]string{"a"}, 1<<20)...), 8, "", ErrTooLong},
		{"announced to be too long", giveParts(1<<31, false, "a"), limit, "", ErrTooLong},
		{"numbers", func(p *program, request xproto.SelectionRequestEvent) {
			p.put(request, request.Target, 32, []byte("abcd"))
			p.notify(request, request.Property)
		}, limit, "", nil},
		{"elsewhere", func(p *program, request xproto.SelectionRequestEvent) { p.notify(request, xproto.AtomWmName) }, limit, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			startProgram(t, display, x, c.answer)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if text, err := x.Read(ctx, c.limit); text != c.want || !errors.Is(err, c.err) {
				t.Errorf("the text is %.40q (%d bytes), %v; want %.40q (%d bytes), %v", text, len(text), err, c.want, len(c.want), c.err)
			}
			if _, windows := x.kept(); windows != 0 {
				t.Errorf("%d windows are left", windows)
			}
		})
	}
}

// TestReadEndsWithItsContext: a program that never answers, or vanishes while it does, and a
// server that hangs, hold nothing up. Half a text is no text.
func TestReadEndsWithItsContext(t *testing.T) {
	display := displaytest.Start(t)
	x := connect(t, display)
	late := func(t *testing.T, x *X11) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		ends(t, "Read", func() {
			if text, err := x.Read(ctx, 1<<20); text != "" || !errors.Is(err, ErrTimeout) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the text is %.40q, %v", text, err)
			}
		})
	}
	var asked sync.WaitGroup
	asked.Add(2)
	for name, answer := range map[string]func(*program, xproto.SelectionRequestEvent){
		"hangs": func(*program, xproto.SelectionRequestEvent) { asked.Done() },
		"vanishes": func(p *program, request xproto.SelectionRequestEvent) {
			asked.Done()
			giveParts(9, true, "123", "456")(p, request)
		},
	} {
		t.Run(name, func(t *testing.T) {
			startProgram(t, display, x, answer)
			late(t, x)
		})
	}
	asked.Wait()
	if !until(5*time.Second, func() bool { _, windows := x.kept(); return windows == 0 }) {
		t.Error("windows are left")
	}
	if text, err := x.Read(t.Context(), 9); text != "" || err != nil {
		t.Errorf("of a program that has gone, the text is %q, %v", text, err)
	}
	t.Run("server", func(t *testing.T) {
		address, frozen := slowDisplay(t, display)
		slow := connect(t, address)
		frozen.Lock()
		defer frozen.Unlock()
		late(t, slow)
	})
}

// TestReadWithoutAnotherProgram: an empty clipboard, this program's own copy, and a
// connection that is closed.
func TestReadWithoutAnotherProgram(t *testing.T) {
	x := connect(t, displaytest.Start(t))
	reader := ReaderOf(x)
	if text, err := reader.Read(t.Context(), 9); text != "" || err != nil {
		t.Errorf("an empty clipboard has %q, %v", text, err)
	}
	if x.SetSecret("TOKEN"); !x.Holds() {
		t.Fatal("the clipboard did not take it")
	}
	if text, err := reader.Read(t.Context(), 5); text != "TOKEN" || err != nil {
		t.Errorf("the text of this program is %q, %v", text, err)
	}
	if text, err := reader.Read(t.Context(), 4); text != "" || !errors.Is(err, ErrTooLong) {
		t.Errorf("within 4 bytes it is %q, %v", text, err)
	}
	if !x.Holds() {
		t.Error("reading took the copy")
	}
	x.Close()
	ends(t, "Read after Close", func() {
		if text, err := reader.Read(t.Context(), 9); text != "" || err == nil {
			t.Errorf("after Close the text is %q, %v", text, err)
		}
	})
}

// TestReadRealProgram: a megabyte that xclip gives.
func TestReadRealProgram(t *testing.T) {
	display := displaytest.Start(t)
	x := connect(t, display)
	text := strings.Repeat("0123456789abcdé\n", 1<<16)
	cmd := exec.Command("xclip", "-quiet", "-selection", "clipboard", "-display", display)
	cmd.Stdin = strings.NewReader(text)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if !until(20*time.Second, func() bool { return x.owner(x.atoms[atomClipboard]) != 0 }) {
		t.Fatal("xclip does not take the clipboard")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if got, err := x.Read(ctx, len(text)); got != text || err != nil {
		t.Errorf("the text has %d bytes, %v; want %d", len(got), err, len(text))
	}
	if got, err := x.Read(ctx, len(text)-1); got != "" || !errors.Is(err, ErrTooLong) {
		t.Errorf("one byte less gives %d bytes, %v", len(got), err)
	}
}
