package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/ui/kit"
)

// showKeys opens a dialog with the shortcut of each command, and in words those that belong to
// no command.
func (w *Window) showKeys() {
	if w.dialog != nil || w.p.Blocked() {
		return
	}
	var lines []fyne.CanvasObject
	for _, c := range w.commands {
		if c.key != "" {
			lines = append(lines, kit.Fixed(0, shortcutLine, kit.Row(8, kit.Fixed(88, 0, kit.NewText(w.keyText(c), kit.SmallMedium, kit.Ink2)),
				kit.Grow(kit.NewElided(strings.TrimSuffix(c.text(), "…"), kit.Small, kit.Ink)))))
		}
	}
	table := container.New(columnsLayout{w.frame}, lines...)
	scroll := container.NewVScroll(table)
	natural := table.MinSize().Height
	height := min(natural, max(96, w.frame.size.Height-270))
	w.show(kit.Question{
		Title: w.t.T("keys.title"), Text: w.t.T("keys.text"), Width: wideDialog, Answers: []kit.Answer{{Text: w.t.T("ask.close")}},
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			mover := kit.NewMover(keys, func(by int) {
				scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(scroll.Offset.Y+float32(by)*72, natural-height))))
			}, kit.Fixed(0, height, scroll))
			if height < natural {
				return mover, mover
			}
			return table, nil
		},
	})
}

// columnsLayout puts the lines in two columns, and in a narrow window in one.
type columnsLayout struct{ f *frame }

func (l columnsLayout) rows(lines int) int {
	if l.f.narrow() {
		return lines
	}
	return (lines + 1) / 2
}

func (l columnsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, float32(l.rows(len(objects)))*shortcutLine)
}

func (l columnsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	rows, gap, width := l.rows(len(objects)), float32(0), size.Width
	if rows < len(objects) {
		gap = 20
		width = (size.Width - gap) / 2
	}
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i/rows)*(width+gap), float32(i%rows)*shortcutLine))
		o.Resize(fyne.NewSize(width, shortcutLine))
	}
}

// shortcutLine is the height of a line, in device-independent pixels.
const shortcutLine = 24
