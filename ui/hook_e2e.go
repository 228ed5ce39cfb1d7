//go:build e2e

package ui

import (
	"encoding/json"
	"net"
	"os"

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
}

// serveHook answers each connection to the socket named by AMARRE_E2E with the
// named widgets as JSON, so that a test can click and read without guessing.
func (w *Window) serveHook() {
	path := os.Getenv("AMARRE_E2E")
	if path == "" {
		return
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			var state map[string]HookWidget
			fyne.DoAndWait(func() { state = w.hookState() })
			_ = json.NewEncoder(conn).Encode(state)
			_ = conn.Close()
		}
	}()
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
		case *kit.Entry:
			h.Text = o.Text
		case *kit.SelectEntry:
			h.Text = o.Text
		case *kit.Button:
			h.Text = o.Text
		case *kit.Choice:
			h.Text = string(environments[o.Chosen()])
		case *kit.List:
			h.Rows = o.Length()
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
	case w.result.message, w.result.offers[0], w.result.offers[1]:
		return object.Visible() && w.result.messageBox.Visible()
	case w.result.heading, w.result.token, w.result.show, w.result.copy, w.result.check, w.result.verdict, w.result.other, w.result.last, w.result.previous, w.result.profile, w.result.erp, w.result.note, w.result.keep, w.result.save:
		return w.result.tokenBox.Visible() && object.Visible()
	}
	for _, name := range append([]string{"ask.text"}, askNames...) {
		if w.named[name] == object {
			return w.asking != nil
		}
	}
	return object.Visible()
}
