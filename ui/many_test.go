package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/bulk"
	"amarre/ui/presenter"
)

// TestManyPortsByKeyboard: a list is pasted, a row corrected, what is the same for all typed,
// the tokens obtained, and the first port opened, without the mouse.
func TestManyPortsByKeyboard(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	h.p.Reload(nil)
	h.shortcut(fyne.KeyN, ctrl|shift)
	h.typeHere("SET")
	h.press(fyne.KeyReturn)
	h.typeHere("AG")
	h.press(fyne.KeyTab, fyne.KeyTab, fyne.KeyReturn)
	if now := h.p.Many(); now.Step != presenter.Reviewing || now.Rows[0].PortCode != "AG" {
		t.Fatalf("step %d, %q", now.Step, h.texts())
	}
	h.press(fyne.KeyReturn) // the row that has to be corrected
	h.press(fyne.KeyEnd)
	h.typeHere("D")
	h.press(fyne.KeyReturn)
	if row := h.p.Many().Rows[0]; row.PortCode != "AGD" || h.dialog != nil {
		t.Fatalf("the row is %q", row.PortCode)
	}
	h.win.Canvas().Focus(h.many.review.erpID)
	h.typeHere("15")
	h.press(fyne.KeyTab)
	h.typeHere(authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if now := h.p.Many(); now.Step != presenter.Worked || now.Stop.Reason != bulk.Done || len(h.p.Ports()) != 3 {
		t.Fatalf("step %d, %q", now.Step, h.texts())
	}
	h.focusIsSeen("after the run")
	h.press(fyne.KeyReturn)
	if h.p.OpenName() != "Port du Cap d'Agde" {
		t.Errorf("open is %q", h.p.OpenName())
	}
}

// TestDailyLook: Shift+F5, Enter on the first refused port, Enter for a new token.
func TestDailyLook(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	h.service.Revoke("AGD")
	h.keyDown("LeftShift")
	h.press(fyne.KeyF5)
	h.keyUp("LeftShift")
	h.press(fyne.KeyReturn)
	if c := h.p.Credential(); c == nil || c.Profile.PortCode != "AGD" {
		t.Fatalf("open is %q, %q", h.p.OpenName(), h.texts())
	}
	h.press(fyne.KeyReturn)
	if form := h.p.Form(); h.p.Page() != presenter.Editing || form.Mode != presenter.Renew || h.win.Canvas().Focused() != fyne.Focusable(h.form.password) {
		t.Errorf("page %d, mode %d, focus on %q", h.p.Page(), form.Mode, h.focusedText())
	}
}

// TestDroppedList is read where a list is wanted, and only there.
func TestDroppedList(t *testing.T) {
	h := start(t, "en", nil)
	path := filepath.Join(t.TempDir(), "ports.csv")
	if err := os.WriteFile(path, []byte("Code port;Nom\nSET;Sète\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.drop(path)
	if h.p.Page() == presenter.ManyPorts {
		t.Fatal("a list is read where none is wanted")
	}
	h.p.ManyPorts()
	h.drop(filepath.Dir(path))
	h.expect("the problem", h.p.Many().Problem, "many.unreadable")
	h.drop(path)
	if now := h.p.Many(); now.Step != presenter.Reviewing || now.Rows[0].Name != "Sète" {
		t.Errorf("step %d, %q", now.Step, now.Problem)
	}
}

// TestReportIsSaved in each format, without a secret.
func TestReportIsSaved(t *testing.T) {
	for i, format := range reportFormats {
		h := start(t, "fr", nil)
		h.manyReady()
		h.p.ObtainMany()
		h.saveReport()
		for range i {
			h.press(fyne.KeyRight)
		}
		path := filepath.Join(t.TempDir(), "rapport"+format)
		h.typeIn(h.input("export.file"), path)
		h.tap("report.save")
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%s: %v, %q", format, err, h.texts())
		}
		if !strings.Contains(string(content), "SET") || strings.Contains(string(content), authtest.DemoPassword) {
			t.Errorf("%s is\n%s", format, content)
		}
		for token := range h.service.Issued() {
			if strings.Contains(string(content), token) {
				t.Errorf("%s has a token", format)
			}
		}
	}
}

// TestCopiedReportHasNoSecret, and every line.
func TestCopiedReportHasNoSecret(t *testing.T) {
	h := start(t, "fr", nil)
	h.manyReady()
	h.p.ObtainMany()
	h.tap("many.copy_report")
	if strings.Count(h.board.text, "\n") != len(h.p.Many().Lines)+2 || strings.Contains(h.board.text, authtest.DemoPassword) {
		t.Errorf("copied %q", h.board.text)
	}
	for token := range h.service.Issued() {
		if strings.Contains(h.board.text, token) {
			t.Error("a token was copied")
		}
	}
}

// TestColumnsAreChosen in the dialog.
func TestColumnsAreChosen(t *testing.T) {
	h := start(t, "en", nil)
	h.p.ManyPorts()
	h.typeIn(h.many.list.area, "Nom;Ville\nSET;Sète\n")
	h.p.ReadList()
	h.p.SetColumns([]bulk.Column{bulk.Ignored, bulk.Ignored})
	h.tap("many.columns")
	if !h.sees("Nom") || !h.sees("Ville") {
		t.Errorf("the dialog has %q", h.texts())
	}
	h.press(fyne.KeyEscape)
	if h.dialog != nil {
		t.Error("Escape does not close the dialog")
	}
}

// TestDrawingManyRowsIsQuick: the page is drawn again for each line of a run, and the window
// must not stand: 50 ms are seen.
func TestDrawingManyRowsIsQuick(t *testing.T) {
	h := start(t, "en", nil)
	var list strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&list, "%03X;Port %d\n", i, i)
	}
	h.p.ManyPorts()
	h.p.TypeList(authclient.NewSecret(list.String()))
	h.p.ReadList()
	h.p.TypeIdentity(presenter.ERPID, "15")
	h.p.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
	h.hold = true
	h.p.ObtainMany()
	if now := h.p.Many(); now.Step != presenter.Working || len(now.Lines) != 1000 {
		t.Fatalf("step %d, %d lines", now.Step, len(now.Lines))
	}
	best := time.Hour
	for range 20 {
		begin := time.Now()
		h.update(presenter.ManyPart)
		best = min(best, time.Since(begin))
	}
	t.Logf("drawn in %v", best)
	if best > 50*time.Millisecond {
		t.Errorf("drawn in %v", best)
	}
}
