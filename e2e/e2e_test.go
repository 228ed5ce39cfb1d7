//go:build e2e

package e2e

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"amarre/authclient/authtest"
	"amarre/internal/displaytest"
	"amarre/ui"
)

// TestByKeyboardInFrench never touches the mouse.
func TestByKeyboardInFrench(t *testing.T) {
	r := newRig(t, "fr-keyboard")
	r.begin()
	r.page("welcome")
	r.focused("entry", "Code port")
	r.wait("the keyring", func(s *ui.HookState) bool { return s.Keyring == "ready" })
	r.shot("first-start")

	// A local check.
	r.typed("SE")
	r.key("Return")
	r.waitFor("entry", "Code port", "an error", func(w widget) bool { return w.Failed && w.Focused && w.Note != "" })
	r.shot("local-check")
	r.typed("T")
	r.key("Tab")
	r.typed("15")
	r.key("Tab")
	r.typed("FauxMotDePasse")

	// A refusal: the text, and no field in red.
	r.key("Return")
	r.says("band", "Connexion refusée par Log@pass\nVérifiez ensemble le code port, l’identifiant ERP et le mot de passe fournis par DataComSys.")
	for _, w := range r.state().Widgets {
		if w.Failed {
			t.Errorf("%s %s is marked after a refusal", w.Kind, w.Label)
		}
	}
	r.shot("refused")

	// The token.
	r.focused("secret", "Mot de passe")
	r.key("ctrl+a")
	r.typed(authtest.DemoPassword)
	r.key("Return")
	r.port("Port de Sète", "obtained")
	r.says("band", "Log@pass reconnaît Port de Sète.")
	r.focused("button", "Enregistrer et copier")
	r.shot("token")

	// Saved and copied, read by another program, cleared.
	r.key("Return")
	r.noticed("save.done", "Name", "Port de Sète")
	r.port("Port de Sète", "saved")
	r.focused("button", "Copier le jeton")
	r.shot("saved")
	token := r.token()
	r.countdown()
	r.shot("copied")
	r.cleared()
	if left := r.clipboard(); left != "" {
		t.Errorf("after the delay the clipboard holds %d characters", len(left))
	}

	// Found after a restart.
	r.key("ctrl+q")
	r.exits(0)
	r.start("--lang", "fr")
	r.page("overview")
	r.rows(1)
	r.key("ctrl+f")
	r.focused("entry", "Rechercher")
	r.typed("sete")
	r.key("Return")
	r.port("Port de Sète", "saved")
	r.wait("the title", func(s *ui.HookState) bool { return s.Title == "Port de Sète – Amarre" })
	r.key("ctrl+shift+h")
	r.there("token", "shown")
	r.shot("shown")
	r.key("Escape", "Escape") // the search, then the token
	r.there("token", "hidden")
	r.key("ctrl+shift+c")
	r.countdown()
	if r.clipboard() != token {
		t.Error("the saved token is another")
	}
	r.key("F5")
	r.says("toast", "Jeton accepté par Log@pass")
	r.verdict("accepted")
	r.shot("checked")

	// Deleted and undone.
	r.key("ctrl+f", "Down", "Delete")
	r.noticed("delete.done", "Name", "Port de Sète")
	r.rows(0)
	r.shot("deleted")
	r.key("ctrl+shift+z")
	r.noticed("undo.done", "Name", "Port de Sète")
	r.port("Port de Sète", "saved")
	r.rows(1)

	// Unsaved text is asked about; the clipboard is cleared by quitting.
	r.key("ctrl+n")
	r.focused("entry", "Code port")
	r.typed("MT")
	r.key("ctrl+q")
	r.question("Continuer sans enregistrer\u00a0?")
	r.focused("button", "Revenir")
	r.shot("unsaved")
	r.key("Tab")
	r.focused("button", "Ne pas enregistrer")
	r.key("Return")
	r.exits(0)
	if left := r.clipboard(); left != "" {
		t.Errorf("after quitting the clipboard holds %d characters", len(left))
	}

	// docs/security.md 14: nothing in clear, neither in the program's home nor in the
	// keyring's.
	if files := r.searchFor(r.home, token, authtest.DemoPassword); files < 2 {
		t.Errorf("only %d files were searched", files)
	}
	if files := r.searchFor(os.Getenv("HOME"), token, authtest.DemoPassword); files < 1 {
		t.Errorf("only %d files of the keyring were searched", files)
	}
}

// TestByMouseInEnglish never touches the keyboard but to fill in fields.
func TestByMouseInEnglish(t *testing.T) {
	r := newRig(t, "en-mouse")
	r.settings(`{"clearSeconds":10,"theme":"dark"}`)
	r.start("--service", r.service.URL, "--lang", "en")
	fill := func(key, text string) {
		t.Helper()
		label, kind := r.text(key), "entry"
		if key == "form.password" {
			kind = "secret"
		}
		r.click(kind, label)
		r.focused(kind, label)
		r.key("ctrl+a")
		r.typed(text)
	}
	r.page("welcome")
	r.shot("first-start")
	fill("form.port_code", "AGD")
	fill("form.erp_id", "16")
	fill("form.password", authtest.DemoPassword)
	r.tap("form.submit")
	r.says("band", "Refused by Log@pass\nCheck the port code, the ERP ID and the password given by DataComSys, together.")
	r.shot("refused")
	fill("form.erp_id", "15")
	r.tap("form.submit")
	r.port("Port du Cap d'Agde", "obtained")
	r.tap("result.show")
	r.there("token", "shown")
	r.shot("shown")
	r.must("xdotool", "windowminimize", r.window)
	r.there("token", "hidden")
	r.must("xdotool", "windowmap", r.window, "windowactivate", "--sync", r.window, "sleep", "0.3") // until it is drawn
	r.wait("the end of the toast", func(s *ui.HookState) bool {
		return !slices.ContainsFunc(s.Widgets, func(w widget) bool { return w.Kind == "toast" })
	})
	r.click("tick", r.text("result.keep_password"))
	r.on("tick", "result.keep_password")
	r.tap("obtained.save")
	r.noticed("save.done", "Name", "Port du Cap d'Agde")
	r.tap("reading.copy")
	r.countdown()
	token := r.token()
	r.shot("copied")
	r.tap("status.clear_now")
	r.noticed("clipboard.cleared")
	if r.clipboard() != "" {
		t.Error("Clear now leaves the token on the clipboard")
	}

	// A call is shown, and cancelled.
	r.service.SetQuirks(authtest.Quirks{Delay: 1 << 40})
	r.tap("tip.new")
	r.page("new")
	r.tap("form.details")
	r.choose("environment.test", "environment.production", "environment.test")
	fill("form.port_code", "MTP")
	fill("form.erp_id", "15")
	fill("form.password", "x")
	r.tap("form.submit")
	r.wait("the call", func(s *ui.HookState) bool { return s.Task != "" })
	r.shot("working")
	if n := count(r.state(), "button", r.text("form.cancel")); n != 1 {
		t.Errorf("%d buttons cancel", n)
	}
	r.tap("form.cancel")
	r.says("band", "Cancelled. Your credentials were not verified.")
	r.service.SetQuirks(authtest.Quirks{BasicAuth: true})
	r.tap("form.submit")
	r.says("band", "Your credentials were not verified")
	r.shot("not-the-service")
	r.service.SetQuirks(authtest.Quirks{})

	// The window closes with its cross, after a question.
	r.must("wmctrl", "-i", "-c", r.window)
	r.question(r.text("unsaved.title"))
	r.shot("unsaved")
	r.tap("unsaved.discard")
	r.exits(0)

	r.start("--lang", "en")
	r.rows(1)
	row := r.waitFor("row", "", "the port", func(w widget) bool { return strings.Contains(w.Text, "Port du Cap d'Agde") })
	r.clickOn(row)
	r.port("Port du Cap d'Agde", "saved")
	r.tap("result.check")
	r.says("toast", "Log@pass accepts this token")
	r.tap("reading.copy")
	r.countdown()
	if r.clipboard() != token {
		t.Error("the saved token is another")
	}
	r.shot("checked")
	r.tap("tip.copy_as")
	r.waitFor("item", r.text("format.json"), "the menu", func(w widget) bool { return !w.Disabled })
	r.shot("copy-as")
	r.click("item", r.text("format.json"))
	r.until("the token in the other form", func() bool { return strings.Contains(r.clipboard(), `"`+token+`"`) })
	r.tap("reading.compare")
	r.question(r.text("erp.title"))
	r.says("dialog", "Nothing is shown or kept.")
	r.shot("compare")
	r.tap("ask.close")
	r.closed()
	r.tap("tip.more")
	r.click("item", r.text("menu.renew"))
	r.page("renew")
	r.shot("renew")
	r.tap("form.cancel")
	r.page("reading")
	r.tap("tip.menu")
	r.shot("menu")
	r.click("item", r.text("menu.preferences"))
	r.page("preferences")
	r.shot("preferences")
	r.choose("theme.light", "theme.automatic", "theme.light", "theme.dark")
	r.tap("page.back")
	r.page("reading")
	r.must("xdotool", "windowsize", r.window, "700", "620")
	r.wait("the narrow window", func(s *ui.HookState) bool { return s.Width == 700 && s.Height == 620 })
	r.shot("narrow")

	// The end of the session clears the clipboard too.
	r.tap("reading.copy")
	r.countdown()
	if err := r.program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	r.exits(0)
	if r.clipboard() != "" {
		t.Error("after SIGTERM the clipboard holds the token")
	}
	r.searchFor(r.home, token, authtest.DemoPassword)
}

// TestDemo is what the README promises.
func TestDemo(t *testing.T) {
	r := newRig(t, "fr-demo")
	r.start("--demo", "--lang", "fr")
	r.says("text", "rien ne quitte cet ordinateur")
	r.shot("first-start")
	r.login("MTP")
	r.port("Port de Montpellier", "obtained")
	r.key("Return")
	r.noticed("save.done", "Name", "Port de Montpellier")
	r.token()
	r.shot("token")
	r.port("Port de Montpellier", "saved")
	r.key("ctrl+d")
	r.page("new")
	r.login("SET")
	r.port("Port de Sète", "obtained")
	r.key("ctrl+s")
	r.rows(2)
	r.shot("two-ports")
	r.key("ctrl+q")
	r.exits(0)
	if _, err := os.Stat(r.config()); !os.IsNotExist(err) {
		t.Errorf("the demonstration left something in the home: %v", err)
	}
}

// TestNoKeyring: without a session bus the whole job is done, for this session.
func TestNoKeyring(t *testing.T) {
	bus := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	r := newRig(t, "en-no-keyring")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	r.start("--service", r.service.URL, "--lang", "en")
	r.says("band", r.text("nokeyring.title"))
	r.shot("first-start")
	r.login("MTP")
	r.port("Port de Montpellier", "obtained")
	r.says("band", r.text("obtained.no_keyring"))
	r.key("ctrl+s")
	r.noticed("save.done_session", "Name", "Port de Montpellier")
	r.rows(1)
	r.key("ctrl+shift+c")
	r.countdown()
	token := r.token()
	r.shot("session")
	r.key("ctrl+q")
	r.question(r.text("session.quit_title"))
	r.focused("button", r.text("unsaved.stay"))
	r.shot("quit")
	r.key("Tab")
	r.focused("button", r.text("session.quit_anyway"))
	r.key("Return")
	r.ended()
	r.searchFor(r.home, token, authtest.DemoPassword)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
}

// TestDiagnose: who answered, in French, live, by keyboard.
func TestDiagnose(t *testing.T) {
	r := newRig(t, "fr-diagnose")
	r.begin()
	r.focused("entry", "Code port")
	r.key("ctrl+t")
	r.page("troubleshooting")
	r.says("text", "Service\u00a0: la réponse est celle de Log@pass.")
	r.shot("all-good")
	r.tabTo("shift+Tab", "button", r.text("diagnose.copy"))
	r.key("Return")
	r.until("the report on the clipboard", func() bool { return strings.Contains(r.clipboard(), "Log@pass") })
	r.key("Escape")
	r.page("welcome")

	unknown := httptest.NewUnstartedServer(http.NotFoundHandler())
	unknown.Config.ErrorLog = log.New(io.Discard, "", 0)
	unknown.TLS = &tls.Config{Certificates: []tls.Certificate{unknownAuthority(t)}}
	unknown.StartTLS()
	defer unknown.Close()
	address := func(text string) {
		t.Helper()
		r.tabTo("shift+Tab", "entry", "Service")
		r.key("ctrl+a")
		r.typed(text)
	}
	for _, c := range []struct{ name, address, want string }{
		{"unknown-name", "https://logapass.invalid", "est inconnu"},
		{"unknown-authority", unknown.URL, "émis par «\u00a0Inspection du réseau\u00a0», que cet ordinateur ne reconnaît pas"},
	} {
		address(c.address)
		r.key("ctrl+t")
		r.says("text", c.want)
		r.says("text", "Aucun identifiant n’a été envoyé.")
		r.shot(c.name)
		r.key("Escape")
		r.page("welcome")
	}

	// After an answer that is no verdict the window offers the test, and does it.
	r.service.SetQuirks(authtest.Quirks{RedirectTo: "https://portail.example/"})
	address(r.service.URL)
	r.key("Tab")
	r.login("MTP")
	r.says("band", "portail.example")
	r.shot("captive-portal-login")
	r.tap("result.test")
	r.page("troubleshooting")
	r.says("text", "portail.example")
	r.shot("captive-portal")
}

// TestNoWindow: a clear message in the user's language and exit status 69, never
// a panic or a process without a window.
func TestNoWindow(t *testing.T) {
	r := newRig(t, "no-window")
	for name, display := range map[string]string{
		"no display":          "",
		"display unreachable": ":4095",
		"no OpenGL":           displaytest.Start(t, "-screen", "0", "800x600x24", "-extension", "GLX"),
	} {
		t.Run(name, func(t *testing.T) {
			for lang, want := range map[string]string{"fr": "la fenêtre n’a pas pu s’ouvrir", "en": "the window could not open"} {
				r.display = display
				r.run(r.command(binary, "--demo", "--lang", lang))
				if status := r.ended(); status != 69 || !strings.Contains(r.stderr.String(), want) || strings.Contains(r.stderr.String(), "goroutine") {
					t.Errorf("%s: status %d, %q", lang, status, r.stderr.String())
				}
			}
		})
	}
}
