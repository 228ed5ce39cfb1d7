//go:build e2e

// Package e2e does the job in the real window, with the real keyring, over a
// real socket, as a person does it: by keyboard and by mouse.
//
//	AMARRE_PICTURES=/tmp/pictures .ci/with-keyring go test -tags e2e ./e2e
package e2e

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"

	"amarre/authclient/authtest"
	"amarre/ui"
)

// shortDelay makes a copied token clear itself after the least delay.
const shortDelay = `{"clearSeconds":10,"theme":"light"}`

func refused(w ui.HookWidget) bool {
	return w.Visible && strings.HasPrefix(w.Text, "Connexion refusée par Log@pass.")
}

// TestByKeyboardInFrench never touches the mouse.
func TestByKeyboardInFrench(t *testing.T) {
	r := newRig(t, "fr-keyboard")
	r.settings(shortDelay)
	r.start("--service", r.service.URL, "--lang", "fr")
	r.waitWidget("form.port_code", "the cursor", func(w ui.HookWidget) bool { return w.Focused })
	r.text("status.keyring", "Trousseau\u00a0: prêt")
	r.shot("first-start")

	// A local check.
	r.typed("SE")
	r.key("Return")
	r.waitWidget("form.port_code", "an error", func(w ui.HookWidget) bool { return w.Failed && w.Focused })
	r.shot("local-check")
	r.typed("T")
	r.key("Tab")
	r.typed("15")
	r.key("Tab")
	r.typed("FauxMotDePasse")

	// A refusal: the text, and no field in red.
	r.key("Return")
	r.waitWidget("result.message", "the refusal", refused)
	for _, name := range []string{"form.service", "form.port_code", "form.erp_id", "form.password"} {
		if r.state()[name].Failed {
			t.Errorf("%s is marked after a refusal", name)
		}
	}
	r.shot("refused")

	// The token.
	r.key("ctrl+a")
	r.typed(authtest.DemoPassword)
	r.key("Return")
	r.text("result.heading", "Jeton obtenu · Port de Sète (SET)")
	r.waitWidget("result.copy", "the focus", func(w ui.HookWidget) bool { return w.Focused })
	r.shot("token")

	// Copied, read by another program, cleared.
	r.key("Return")
	r.text("status.clipboard", "presse-papiers vidé dans")
	token := r.clipboard()
	if len(token) != 38 {
		t.Fatalf("another program reads %d characters on the clipboard, want 38", len(token))
	}
	r.shot("copied")
	r.waitWidget("status.clipboard", "the end of the countdown", func(w ui.HookWidget) bool { return !w.Visible })
	if left := r.clipboard(); left != "" {
		t.Errorf("after the delay the clipboard holds %d characters", len(left))
	}

	// Saved, found after a restart.
	r.key("ctrl+s")
	r.text("status.message", "Profil «\u00a0Port de Sète\u00a0» enregistré.")
	r.shot("saved")
	r.key("ctrl+q")
	if status := r.ended(); status != 0 {
		t.Errorf("quitting ends with status %d", status)
	}
	r.start("--lang", "fr")
	r.waitWidget("list.rows", "one profile", func(w ui.HookWidget) bool { return w.Rows == 1 })
	r.key("ctrl+f")
	r.typed("sete")
	r.key("Return")
	r.text("result.heading", "Jeton enregistré · Port de Sète (SET)")
	r.key("ctrl+shift+h")
	r.text("result.token", "revealed")
	r.shot("shown")
	r.key("Escape", "Escape") // the search, then the token
	r.waitWidget("result.token", "the mask", func(w ui.HookWidget) bool { return w.Text != "revealed" })
	r.key("ctrl+shift+c")
	r.text("status.clipboard", "presse-papiers vidé dans")
	if r.clipboard() != token {
		t.Error("the saved token is another")
	}
	r.key("F5")
	r.text("result.verdict", "Jeton accepté par le service à")
	r.shot("checked")

	// Deleted and undone.
	r.key("ctrl+f", "Down", "Delete")
	r.text("status.message", "supprimé")
	r.waitWidget("list.rows", "no profile", func(w ui.HookWidget) bool { return w.Rows == 0 })
	r.shot("deleted")
	r.key("ctrl+shift+z")
	r.waitWidget("list.rows", "one profile", func(w ui.HookWidget) bool { return w.Rows == 1 })
	r.text("status.message", "rétabli")

	// Unsaved text is asked about; the clipboard is cleared by quitting.
	r.key("ctrl+n")
	r.waitWidget("form.port_code", "the cursor", func(w ui.HookWidget) bool { return w.Focused })
	r.typed("MT")
	r.key("ctrl+q")
	r.waitWidget("ask.1", "the question", func(w ui.HookWidget) bool { return w.Visible && w.Focused })
	r.shot("unsaved")
	r.key("shift+Tab", "Return")
	if status := r.ended(); status != 0 {
		t.Errorf("quitting ends with status %d", status)
	}
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
	fill := func(name, text string) {
		t.Helper()
		r.click(name)
		r.waitWidget(name, "the cursor", func(w ui.HookWidget) bool { return w.Focused })
		r.key("ctrl+a")
		r.typed(text)
	}
	r.shot("first-start")
	environment := r.state()["form.environment"]
	r.clickAt(environment.X+125, environment.Y+environment.H/2)
	r.text("form.environment", "test")
	fill("form.port_code", "AGD")
	fill("form.erp_id", "16")
	fill("form.password", authtest.DemoPassword)
	r.click("form.submit")
	r.text("result.message", "Refused by Log@pass. Check the port code, the ERP ID and the password given by DataComSys, together.")
	r.shot("refused")
	fill("form.erp_id", "15")
	r.click("form.submit")
	r.text("result.heading", "Token obtained · Port du Cap d'Agde (AGD)")
	r.click("result.show")
	r.text("result.token", "revealed")
	r.shot("shown")
	r.must("xdotool", "windowminimize", r.window)
	r.waitWidget("result.token", "the mask", func(w ui.HookWidget) bool { return w.Text != "revealed" })
	r.must("xdotool", "windowmap", r.window, "windowactivate", "--sync", r.window)
	r.click("result.keep_password")
	r.click("result.save")
	r.text("status.message", "saved")
	r.click("result.copy")
	r.text("status.clipboard", "cleared in")
	token := r.clipboard()
	if len(token) != 38 {
		t.Errorf("the clipboard holds %d characters, want 38", len(token))
	}
	r.shot("copied")
	r.click("status.clear")
	r.waitWidget("status.clipboard", "its end", func(w ui.HookWidget) bool { return !w.Visible })
	if r.clipboard() != "" {
		t.Error("Clear now leaves the token on the clipboard")
	}

	// A call is shown, and cancelled.
	r.service.SetQuirks(authtest.Quirks{Delay: 1 << 40})
	r.click("list.new")
	fill("form.port_code", "MTP")
	fill("form.erp_id", "15")
	fill("form.password", "x")
	r.click("form.submit")
	r.waitWidget("form.cancel", "the button", func(w ui.HookWidget) bool { return w.Visible })
	r.shot("working")
	r.click("form.cancel")
	r.text("result.message", "Cancelled. Your credentials were not verified.")
	r.service.SetQuirks(authtest.Quirks{BasicAuth: true})
	r.click("form.submit")
	r.text("result.message", "Your credentials were not verified.")
	r.shot("not-the-service")
	r.service.SetQuirks(authtest.Quirks{})

	// The window closes with its cross, after a question.
	r.must("wmctrl", "-i", "-c", r.window)
	r.waitWidget("ask.0", "the question", func(w ui.HookWidget) bool { return w.Visible })
	r.shot("unsaved")
	r.click("ask.0")
	if status := r.ended(); status != 0 {
		t.Errorf("closing ends with status %d", status)
	}

	r.start("--lang", "en")
	r.waitWidget("list.rows", "one profile", func(w ui.HookWidget) bool { return w.Rows == 1 })
	rows := r.state()["list.rows"]
	r.clickAt(rows.X+rows.W/2, rows.Y+20)
	r.text("result.heading", "Saved token · Port du Cap d'Agde (AGD)")
	r.click("result.check")
	r.text("result.verdict", "The service accepted this token")
	r.click("result.copy")
	r.text("status.clipboard", "cleared in")
	if r.clipboard() != token {
		t.Error("the saved token is another")
	}
	r.shot("checked")
	r.click("result.copy_as")
	r.shot("copy-as")
	r.key("Escape", "ctrl+shift+v")
	r.text("ask.text", "Nothing is shown or kept.")
	r.shot("compare")
	r.key("Escape", "Alt_L", "Right", "Right", "Up", "Return")
	r.waitWidget("ask.input", "the cursor", func(w ui.HookWidget) bool { return w.Focused })
	r.shot("security")
	r.key("Escape")
	r.must("xdotool", "windowsize", r.window, "700", "620")
	r.waitWidget("form.submit", "the narrow window", func(w ui.HookWidget) bool { return w.X > 0 })
	r.shot("narrow")

	// The end of the session clears the clipboard too.
	if err := r.program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if status := r.ended(); status != 0 {
		t.Errorf("SIGTERM ends with status %d", status)
	}
	if r.clipboard() != "" {
		t.Error("after SIGTERM the clipboard holds the token")
	}
	r.searchFor(r.home, token, authtest.DemoPassword)
}

// TestDemo is what the README promises.
func TestDemo(t *testing.T) {
	r := newRig(t, "fr-demo")
	r.start("--demo", "--lang", "fr")
	r.text("demo.text", "rien ne quitte cet ordinateur")
	r.login("MTP")
	r.text("result.heading", "Jeton obtenu · Port de Montpellier (MTP)")
	r.key("Return")
	r.text("status.clipboard", "presse-papiers vidé dans")
	if got := len(r.clipboard()); got != 38 {
		t.Errorf("the clipboard holds %d characters, want 38", got)
	}
	r.shot("token")
	r.key("ctrl+s")
	r.text("status.message", "enregistré") // while it saves, another command is ignored
	r.key("ctrl+d")
	r.waitWidget("form.port_code", "the cursor", func(w ui.HookWidget) bool { return w.Focused && w.Text == "" })
	r.typed("SET")
	r.key("Return")
	r.text("result.heading", "Port de Sète (SET)")
	r.key("ctrl+s")
	r.waitWidget("list.rows", "two profiles", func(w ui.HookWidget) bool { return w.Rows == 2 })
	r.shot("two-ports")
	r.key("ctrl+q")
	if status := r.ended(); status != 0 {
		t.Errorf("quitting ends with status %d", status)
	}
	if _, err := os.Stat(r.home + "/.config/amarre"); !os.IsNotExist(err) {
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
	r.text("status.keyring", "No keyring")
	r.login("MTP")
	r.text("result.heading", "Token obtained")
	r.key("ctrl+s")
	r.text("status.message", "is kept only until you quit Amarre")
	r.waitWidget("list.rows", "one profile", func(w ui.HookWidget) bool { return w.Rows == 1 })
	r.key("ctrl+shift+c")
	r.text("status.clipboard", "cleared in")
	token := r.clipboard()
	r.shot("session")
	r.key("ctrl+q")
	r.waitWidget("ask.1", "the question", func(w ui.HookWidget) bool { return w.Visible && w.Focused })
	r.shot("quit")
	r.key("shift+Tab", "Return")
	r.ended()
	r.searchFor(r.home, token, authtest.DemoPassword)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
}

// TestDiagnose: who answered, in French, live, by keyboard.
func TestDiagnose(t *testing.T) {
	r := newRig(t, "fr-diagnose")
	r.settings(shortDelay)
	r.start("--service", r.service.URL, "--lang", "fr")
	r.waitWidget("form.port_code", "the cursor", func(w ui.HookWidget) bool { return w.Focused })
	r.key("ctrl+t")
	r.text("ask.text", "Service\u00a0: la réponse est celle de Log@pass.")
	r.shot("all-good")
	r.key("Tab", "Return") // copies the report
	r.until("the report on the clipboard", func() bool { return strings.Contains(r.clipboard(), "Log@pass") })
	r.key("Escape")
	r.waitWidget("ask.text", "its end", func(w ui.HookWidget) bool { return !w.Visible })

	unknown := httptest.NewUnstartedServer(http.NotFoundHandler())
	unknown.Config.ErrorLog = log.New(io.Discard, "", 0)
	unknown.TLS = &tls.Config{Certificates: []tls.Certificate{unknownAuthority(t)}}
	unknown.StartTLS()
	defer unknown.Close()
	for _, c := range []struct{ name, address, want string }{
		{"unknown-name", "https://logapass.invalid", "n’a pas pu être joint"},
		{"unknown-authority", unknown.URL, "émis par «\u00a0Inspection du réseau\u00a0», que cet ordinateur ne reconnaît pas"},
	} {
		r.waitWidget("form.port_code", "the cursor", func(w ui.HookWidget) bool { return w.Focused })
		r.key("shift+Tab", "shift+Tab", "ctrl+a")
		r.typed(c.address)
		r.key("ctrl+t")
		r.text("ask.text", c.want)
		r.text("ask.text", "Aucun identifiant n’a été envoyé.")
		r.shot(c.name)
		r.key("Escape", "Tab", "Tab")
	}

	// After an answer that is no verdict the window offers the test.
	r.service.SetQuirks(authtest.Quirks{RedirectTo: "https://portail.example/"})
	r.key("shift+Tab", "shift+Tab", "ctrl+a")
	r.typed(r.service.URL)
	r.key("Tab", "Tab")
	r.login("MTP")
	r.text("result.message", "portail.example")
	r.shot("captive-portal-login")
	r.click("result.first")
	r.text("ask.text", "portail.example")
	r.shot("captive-portal")
}

// TestNoWindow: a clear message in the user's language and exit status 69, never
// a panic or a process without a window.
func TestNoWindow(t *testing.T) {
	r := newRig(t, "no-window")
	for name, display := range map[string]string{
		"no display":          "",
		"display unreachable": ":4095",
		"no OpenGL":           startDisplay(t, "-screen", "0", "800x600x24", "-extension", "GLX"),
	} {
		t.Run(name, func(t *testing.T) {
			for lang, want := range map[string]string{"fr": "la fenêtre n’a pas pu s’ouvrir", "en": "the window could not open"} {
				r.display = display
				r.program = r.command(binary, "--demo", "--lang", lang)
				r.stderr.Reset()
				r.program.Stderr = &r.stderr
				if err := r.program.Start(); err != nil {
					t.Fatal(err)
				}
				if status := r.ended(); status != 69 || !strings.Contains(r.stderr.String(), want) || strings.Contains(r.stderr.String(), "goroutine") {
					t.Errorf("%s: status %d, %q", lang, status, r.stderr.String())
				}
			}
		})
	}
}
