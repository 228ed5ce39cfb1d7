//go:build e2e

package ui

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"amarre/ui/kit"
)

// HookWidget is the state of a named widget for end-to-end tests. X, Y, W and H are pixels
// from the top left corner of the window. Text never has a secret.
type HookWidget struct {
	X, Y, W, H int
	Visible    bool
	Disabled   bool
	Focused    bool
	Text       string
	Rows       int
	Failed     bool // the field shows an error

	// For list.rows, in milliseconds: the time from the start of the window until the
	// list was shown, and the time of the slowest search.
	ListedAfter, Searched float64
}

// timing has the values of HookWidget.ListedAfter and HookWidget.Searched.
var timing struct{ listedAfter, searched float64 }

// measure records timing.
func (w *Window) measure() {
	begin, run, search := time.Now(), w.deps.Run, w.list.searchBox.OnChanged
	w.deps.Run = func(work func() func()) {
		run(func() func() {
			then := work()
			return func() {
				then()
				if timing.listedAfter == 0 && len(w.all) > 0 {
					timing.listedAfter = milliseconds(begin)
				}
			}
		})
	}
	w.list.searchBox.OnChanged = func(text string) {
		begin := time.Now()
		search(text)
		timing.searched = max(timing.searched, milliseconds(begin))
	}
}

func milliseconds(since time.Time) float64 {
	return float64(time.Since(since).Microseconds()) / 1000
}

// serveHook serves end-to-end tests at the address in AMARRE_E2E, a Unix socket or a local
// port such as 127.0.0.1:4000. It does nothing if the variable is empty. A request is one
// line:
//
//	state           returns the named widgets as JSON
//	panic window    panics on the goroutine of the window
//	panic goroutine panics on another goroutine
func (w *Window) serveHook() {
	place := os.Getenv("AMARRE_E2E")
	if place == "" {
		return
	}
	w.measure()
	network := "unix"
	if _, _, err := net.SplitHostPort(place); err == nil {
		network = "tcp"
	} else {
		_ = os.Remove(place) // left by a former process
	}
	listener, err := net.Listen(network, place)
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			request, err := bufio.NewReader(conn).ReadString('\n')
			switch word, where, _ := strings.Cut(strings.TrimSpace(request), " "); {
			case err != nil:
			case word == "panic":
				w.panicAt(where)
			default:
				var state map[string]HookWidget
				fyne.DoAndWait(func() { state = w.hookState() })
				_ = json.NewEncoder(conn).Encode(state)
			}
			_ = conn.Close()
		}
	}()
}

// panicAt panics with the secrets of the window in the message.
func (w *Window) panicAt(where string) {
	secrets := make(chan string, 1)
	fyne.Do(func() {
		all := w.form.password.Text
		if w.current != nil {
			all += w.current.secrets.Token.Reveal()
		}
		secrets <- all
		if where == "window" {
			panic(all)
		}
	})
	if all := <-secrets; where != "window" {
		w.deps.Run(func() func() { panic(errors.New(all)) })
	}
}

func (w *Window) hookState() map[string]HookWidget {
	state := map[string]HookWidget{}
	canvas := w.win.Canvas()
	fields := map[string]*kit.Field{
		"form.service": w.form.serviceField, "form.port_code": w.form.portField,
		"form.erp_id": w.form.erpField, "form.password": w.form.passwordField,
	}
	for name, object := range w.named {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(object)
		x, y := canvas.PixelCoordinateForPosition(at)
		right, bottom := canvas.PixelCoordinateForPosition(at.Add(object.Size()))
		h := HookWidget{X: x, Y: y, W: right - x, H: bottom - y, Visible: w.shown(name, object)}
		if focus, ok := object.(fyne.Focusable); ok {
			h.Focused = canvas.Focused() == focus
		}
		if d, ok := object.(fyne.Disableable); ok {
			h.Disabled = d.Disabled()
		}
		if field := fields[name]; field != nil {
			h.Failed = field.Failed()
		}
		switch o := object.(type) {
		case *widget.Label:
			h.Text = o.Text
		case *kit.Paragraph:
			h.Text = o.Text
		case *kit.Entry:
			h.Text = o.Text
		case *kit.SelectEntry:
			h.Text = o.Text
		case *kit.Button:
			h.Text = o.Text
		case *kit.Pane:
			h.Text = o.Text()
		case *kit.Choice:
			h.Text = string(environments[o.Selected()])
		case *kit.List:
			h.Rows, h.ListedAfter, h.Searched = o.Length(), timing.listedAfter, timing.searched
		}
		if name == "result.token" && w.result.revealed {
			h.Text = "revealed"
		}
		state[name] = h
	}
	return state
}

// shown reports whether a named widget and the box around it are visible.
func (w *Window) shown(name string, object fyne.CanvasObject) bool {
	box := object
	switch panel, part, _ := strings.Cut(name, "."); panel {
	case "ask":
		return w.dialog != nil
	case "result":
		box = w.result.tokenBox
		if part == "message" || part == "first" || part == "second" {
			box = w.result.messageBox
		}
	case "list":
		if part == "count" || part == "export" || part == "delete" || part == "unmark" {
			box = w.list.marking
		}
	}
	return object.Visible() && box.Visible()
}
