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

// HookWidget is what the end-to-end build says of a named widget. X, Y, W and H
// are pixels from the window's corner. The text of a secret is never in it.
type HookWidget struct {
	X, Y, W, H int
	Visible    bool
	Disabled   bool
	Focused    bool
	Text       string
	Rows       int
	Failed     bool // the field shows an error

	// Of list.rows: milliseconds from the start of the window, before its first
	// frame, until the list was shown; and of the slowest search.
	ListedAfter, Searched float64
}

// timing is what the end-to-end build measures.
var timing struct{ listedAfter, searched float64 }

// measure measures how long the list and a search take.
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

// serveHook answers each connection to the place named by AMARRE_E2E, a Unix socket
// or a port of this computer such as 127.0.0.1:4000, so that a test can click and
// read without guessing. Of a request, one line, the first word says what is wanted:
//
//	state       the named widgets as JSON
//	panic WHERE a panic on the "window"'s goroutine or on another "goroutine"
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
		_ = os.Remove(place) // of a program that has ended
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

// panicAt panics with all the secrets that the window has.
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
	driver := fyne.CurrentApp().Driver()
	fields := map[string]*kit.Field{
		"form.service": w.form.serviceField, "form.port_code": w.form.portField,
		"form.erp_id": w.form.erpField, "form.password": w.form.passwordField,
	}
	for name, object := range w.named {
		at := driver.AbsolutePositionForObject(object)
		x, y := canvas.PixelCoordinateForPosition(at)
		right, bottom := canvas.PixelCoordinateForPosition(at.Add(object.Size()))
		h := HookWidget{X: x, Y: y, W: right - x, H: bottom - y, Visible: shown(object, w)}
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
		if name == "result.token" && w.result.revealed() {
			h.Text = "revealed"
		}
		state[name] = h
	}
	return state
}

// shown reports whether a widget and what it is in are visible.
func shown(object fyne.CanvasObject, w *Window) bool {
	switch object {
	case w.result.message, w.result.actions[0], w.result.actions[1]:
		return object.Visible() && w.result.messageBox.Visible()
	case w.result.heading, w.result.token, w.result.show, w.result.copy, w.result.copyAs, w.result.check, w.result.verdict, w.result.mismatch, w.result.last, w.result.previous, w.result.profile, w.result.erp, w.result.note, w.result.keep, w.result.save:
		return w.result.tokenBox.Visible() && object.Visible()
	}
	for name, each := range w.named {
		if each == object && strings.HasPrefix(name, "ask.") {
			return w.dialog != nil
		}
	}
	switch object {
	case w.named["list.count"], w.named["list.export"], w.named["list.delete"], w.named["list.unmark"]:
		return w.list.marking.Visible()
	}
	return object.Visible()
}
