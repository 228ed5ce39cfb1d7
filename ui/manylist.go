package ui

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// manyList is the first step: a list is pasted, or its file is opened or dropped.
type manyList struct {
	w        *Window
	area     *kit.Area
	open     *kit.Push
	next     *kit.Push
	cancel   *kit.Push
	count    *kit.Text
	drop     *kit.Text
	progress *kit.Prose
	body     fyne.CanvasObject
	filling  bool
}

func newManyList(w *Window) *manyList {
	t := w.t
	l := &manyList{w: w, drop: kit.NewText(t.T("many.drop"), kit.Small, kit.Ink3), area: kit.NewArea(w.keys, 8, true), count: kit.NewText("", kit.Small, kit.Ink3), progress: kit.NewProse("", kit.Small, kit.Ink2)}
	l.area.OnChanged = func(text string) {
		if !l.filling {
			w.p.TypeList(authclient.NewSecret(text))
		}
	}
	l.open = kit.NewPush(t.T("many.open"), "folder-open", kit.Second, w.keys, w.openList).Small()
	l.next = kit.NewPush(t.T("many.next"), "", kit.Primary, w.keys, w.p.ReadList)
	l.cancel = kit.NewPush(t.T("form.cancel"), "", kit.Second, w.keys, w.p.CloseMany)
	l.body = kit.Column(14, kit.NewProse(t.T("many.paste"), kit.Body, kit.Ink2), kit.Framed(l.area, 0),
		kit.Row(8, l.open, l.drop, kit.Spring()))
	return l
}

func (l *manyList) content() fyne.CanvasObject { return l.body }

func (l *manyList) foot() []fyne.CanvasObject {
	return []fyne.CanvasObject{l.next, l.cancel, kit.Grow(l.progress), l.count}
}

func (l *manyList) primary() fyne.Focusable { return l.area }

func (l *manyList) update() {
	text := l.w.p.Many().Text.Reveal()
	if l.area.Text != text {
		l.filling = true
		l.area.SetText(text)
		l.filling = false
	}
	lines := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			lines++
		}
	}
	l.count.SetText(l.w.t.N("many.lines", lines))
	kit.SetVisible(l.count, lines > 0)
	kit.SetVisible(l.drop, l.w.frame.size.Width >= 700)
	kit.SetEnabled(l.next, lines > 0 && l.w.p.Task() == nil)
	progress := ""
	if task := l.w.p.Task(); task != nil {
		progress = task.Text
	}
	l.progress.ShowText(progress)
}

// listPatterns are the files that may be lists.
var listPatterns = []string{"*.csv", "*.xlsx", "*.txt", "*.tsv", "*.json", "*.xml", "*.1pux"}

// openList asks for a file, and reads the list in it.
func (w *Window) openList() {
	w.paths.askForPath(w.paths.openDialog(w.t.T("many.dialog"), listPatterns...), w.readList)
}

var errNoFile = errors.New("not a regular file")

// readList reads the list in a file.
func (w *Window) readList(path string) {
	w.p.ReadListFile(func(ctx context.Context) ([]byte, error) {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		} else if !info.Mode().IsRegular() {
			return nil, errNoFile
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return io.ReadAll(io.LimitReader(file, bulk.MaxBytes+1))
	})
}

// dropList takes a file that was dropped on the window; false if the page has no use for it.
func (w *Window) dropList(path string) bool {
	if w.p.Page() != presenter.ManyPorts || w.p.Many().Step != presenter.Listing {
		return false
	}
	w.readList(path)
	return true
}
