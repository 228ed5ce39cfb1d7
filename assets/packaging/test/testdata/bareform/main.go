// Bareform is the least that a form made with Fyne can be. The test size compares the
// program with it.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

func main() {
	window := app.NewWithID("bare.form").NewWindow("Bare form")
	list := widget.NewList(
		func() int { return 1 },
		func() fyne.CanvasObject { return widget.NewLabel("") },
		func(int, fyne.CanvasObject) {})
	window.SetContent(container.NewVBox(widget.NewEntry(), widget.NewPasswordEntry(), widget.NewButton("OK", func() {}), list))
	window.ShowAndRun()
}
