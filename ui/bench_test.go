package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"amarre/internal/message"
	"amarre/profile"
)

// BenchmarkKeystroke measures one letter in the search, with the drawing of the list.
func BenchmarkKeystroke(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			texts, err := message.New("fr")
			if err != nil {
				b.Fatal(err)
			}
			test.NewTempApp(b)
			w := &Window{t: texts, named: map[string]fyne.CanvasObject{}, win: test.NewWindow(widget.NewLabel(""))}
			for i := range n {
				w.all = append(w.all, profile.Profile{ID: fmt.Sprint(i), Name: fmt.Sprintf("Port de Saint-Élie %05d", i), ERP: "Alizée", PortCode: "SET", ERPID: int64(i + 1),
					Service: "https://logapass.example/ws", Environment: profile.Test, Check: profile.Accepted})
			}
			w.list = newProfiles(w)
			w.win.SetContent(w.list.content())
			w.win.Resize(w.win.Canvas().Size().AddWidthHeight(300, 600))
			w.list.show(w.all, profile.SearchTexts(w.all, texts.Environment))
			query := "elie 1 alizee"
			i := 0
			for b.Loop() {
				i = (i + 1) % len(query)
				w.list.searchBox.SetText(strings.TrimSpace(query[:i]))
			}
		})
	}
}
