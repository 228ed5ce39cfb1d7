package ui

import (
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// TestAuthorityIsOfOneService: the file of an extra authority makes a service with an unknown
// authority usable, until it is removed (docs/security.md, line 3).
func TestAuthorityIsOfOneService(t *testing.T) {
	h := start(t, "en", nil)
	service, err := url.Parse(h.service.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(service))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	h.typeInto("form.service", server.URL)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if !strings.Contains(h.p.Message().Text, "Acme Co") || h.p.Credential() != nil {
		t.Fatalf("an unknown authority gives %q", h.p.Message().Text)
	}
	h.authorities.authority()
	h.typeInto("import.file", "/no/such/file")
	h.press(fyne.KeyReturn)
	if h.dialog == nil || len(h.p.Settings().Authorities) != 0 {
		t.Fatal("a file that is none was taken")
	}
	h.expect("the problem", h.dialog.Problem(), "error.ca_missing", "File", "/no/such/file")
	h.typeInto("import.file", file)
	h.press(fyne.KeyReturn)
	h.noQuestion()
	if got := h.settings[len(h.settings)-1].Authorities; len(got) != 1 || got[server.URL] != file {
		t.Fatalf("the settings have %v", got)
	}
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.shortcut(fyne.KeyS, ctrl)
	if c := h.p.Credential(); c == nil || c.State != presenter.Saved || c.Profile.Service != server.URL {
		t.Fatalf("no token with the authority: %q", h.p.Message().Text)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	h.press(fyne.KeyF5)
	if !strings.Contains(h.p.Message().Text, h.Window.t.T("error.ca_missing", "File", file)) {
		t.Errorf("a file that is missing gives %q", h.p.Message().Text)
	}
	h.authorities.authority()
	h.answer(0) // remove
	h.press(fyne.KeyF5)
	if !strings.Contains(h.p.Message().Text, "Acme Co") {
		t.Errorf("without the authority a check says %q", h.p.Message().Text)
	}
}

// TestProxyIsOfOneService: a proxy that is chosen for a service is used for it alone, until it is
// removed; one with a password is refused at its field, and not saved.
func TestProxyIsOfOneService(t *testing.T) {
	h := start(t, "en", nil)
	chosen := func(of string) string {
		address, err := authclient.ParseAddress(of)
		if err != nil {
			t.Fatal(err)
		}
		return h.p.Deps().Clients.Connection(address).Proxy
	}
	h.proxies.proxy()
	for _, wrong := range []string{"", "ftp://proxy.example", "http://ana:secret@proxy.example"} {
		h.typeInto("proxy.address", wrong)
		h.press(fyne.KeyReturn)
		if h.dialog == nil || len(h.p.Settings().Proxies) != 0 || h.dialog.Problem() == "" {
			t.Fatalf("%q was taken", wrong)
		}
	}
	h.expect("the problem", h.dialog.Problem(), "error.proxy_password")
	h.typeInto("proxy.address", " proxy.example:3128 ")
	h.press(fyne.KeyReturn)
	h.noQuestion()
	if got := h.settings[len(h.settings)-1].Proxies; len(got) != 1 || got[h.service.URL] != "proxy.example:3128" || chosen(h.service.URL) != "proxy.example:3128" || chosen("https://other.example") != "" {
		t.Errorf("the settings have %v", got)
	}
	h.proxies.proxy()
	h.answer(0) // the system's
	if len(h.p.Settings().Proxies) != 0 || chosen(h.service.URL) != "" {
		t.Errorf("the proxy is still %q", chosen(h.service.URL))
	}
}

// TestLastRequestIsTold: after a login that failed its steps can be read, and nothing is sent
// again.
func TestLastRequestIsTold(t *testing.T) {
	h := start(t, "en", nil)
	h.shortcut(fyne.KeyT, ctrl)
	if h.trouble.last.Visible() {
		t.Error("there is a last request before the first")
	}
	h.press(fyne.KeyEscape)
	h.service.SetQuirks(authtest.Quirks{RedirectTo: "https://portail.example/"})
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	sent := h.service.Logins()
	h.shortcut(fyne.KeyT, ctrl)
	h.tap("trouble.last")
	text := strings.Join(h.trouble.report, "\n")
	for _, want := range []string{"The last request, to " + h.service.URL, "✓ Proxy: none", "✓ Connection", "HTTP 302", "✗ Service: failed. The server points to another address, https://portail.example/; nothing was sent there. Nothing was verified."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	if strings.Contains(text, authtest.DemoPassword) || h.service.Logins() != sent || sent != 1 {
		t.Errorf("%d requests, told as %q", h.service.Logins(), text)
	}
}

// TestKeyringIsExplained: every state of the keyring has its line, its advice, and a test that
// leaves nothing behind. A locked keyring is not an absent one (docs/security.md, line 15).
func TestKeyringIsExplained(t *testing.T) {
	for _, state := range []keyring.State{keyring.Ready, keyring.Locked, keyring.Unresponsive, keyring.NoBus, keyring.NoService, keyring.NoCollection} {
		t.Run(string(state), func(t *testing.T) {
			h := start(t, "fr", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: state}) })
			if absent := h.sees(h.Window.t.T("nokeyring.title")); absent != state.Absent() {
				t.Errorf("the form says that there is none: %t", absent)
			}
			if offered := h.form.kept.Visible(); offered == state.Absent() {
				t.Errorf("the form offers to keep the password: %t", offered)
			}
			h.shortcut(fyne.KeyT, ctrl)
			if !h.sees(h.Window.t.T("keyring." + string(state))) {
				t.Errorf("the line is not among %q", h.texts())
			}
			h.tap("trouble.keyring_test")
			h.expect("the advice", h.dialog.Text(), "keyring.advice."+string(state))
			h.answer(1)
			_, _, works := finding(h.Window.t.T("keyring.works"))
			if (h.dialog.Text() == works) == state.Absent() {
				t.Errorf("the test says %q", h.dialog.Text())
			}
			if len(h.ring.Items()) != 0 {
				t.Error("the test left something")
			}
			h.press(fyne.KeyEscape)
			h.noQuestion()
		})
	}
}

// report returns the text of the report in the open dialog.
func (h *harness) report() string {
	h.t.Helper()
	text := ""
	h.walk(func(o fyne.CanvasObject) bool {
		pane, ok := o.(*kit.Pane)
		if ok {
			text = pane.Text()
		}
		return ok
	})
	if text == "" {
		h.t.Fatalf("there is no report among %q", h.texts())
	}
	return text
}

// TestReportHasNoSecret, no address and no name. It is shown first, and written only when the
// user saves it (docs/security.md, line 25).
func TestReportHasNoSecret(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	h := start(t, "fr", func(_ *harness, d *Deps) { d.Display = report.X11 })
	h.credentials("SET", "15", "CANARY-wrong-password")
	h.press(fyne.KeyReturn)
	h.getToken("SET", true)
	h.shortcut(fyne.KeyC, ctrl|shift)
	h.press(fyne.KeyF2)
	h.ring.Change(profiletest.Faults{Set: errGone, Is: keyring.Locked})
	h.typeInto("result.note", "CANARY-note")
	h.shortcut(fyne.KeyS, ctrl)
	token := h.token()
	h.shortcut(fyne.KeyT, ctrl)
	h.tap("trouble.report")
	text := h.report()
	for _, secret := range []string{token, authtest.DemoPassword, "CANARY", "Sète", "SET", h.service.URL, "127.0.0.1", home} {
		if strings.Contains(text, secret) {
			t.Errorf("the report has %q:\n%s", secret, text)
		}
	}
	for _, want := range []string{"Amarre 9.9.9", "Affichage\u00a0: X11", "du 23/11/2026 14:32", "Trousseau\u00a0: verrouillé", "demande de jeton\u00a0: refusé", "demande de jeton\u00a0: fait",
		"enregistrement\u00a0: fait", "copie\u00a0: fait", "14:32:00", "Ports\u00a0: 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	if written, err := filepath.Glob(filepath.Join(home, "[^.]*")); err != nil || len(written) > 0 { // Fyne creates .cache
		t.Errorf("before it is saved the home has %v, %v", written, err)
	}
	h.answer(1)
	if h.board.text != text {
		t.Error("the report is not copied")
	}
	h.press(fyne.KeyReturn) // in the report: saves it
	h.noQuestion()
	path := filepath.Join(home, "amarre-rapport-20261123-1432.txt")
	if content, err := os.ReadFile(path); err != nil || string(content) != text {
		t.Errorf("the file has %q, %v", content, err)
	}
	h.expect("the message", h.p.Message().Text, "report.saved", "File", path) // too long for a notice

	h.tap("trouble.report")
	h.press(fyne.KeyReturn)
	if h.dialog == nil || !strings.Contains(h.drawn(), "choisissezunautrenom.") {
		t.Errorf("it would replace a file, or does not say so: %q", h.texts())
	}
}

// TestCrashIsToldOnce: only the first window after a crash mentions it, and it shows the
// report.
func TestCrashIsToldOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crash-20261123-143200.txt")
	if err := os.WriteFile(path, []byte("where it was"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := start(t, "en", func(_ *harness, d *Deps) { d.CrashReport = path })
	h.expect("the message", h.p.Message().Text, "crash.told", "File", path)
	h.tap("crash.show")
	if got := h.report(); got != "where it was" {
		t.Errorf("the report is %q", got)
	}
	h.restart("en", func(h *harness, d *Deps) { d.CrashReport, d.Settings = path, h.settings[len(h.settings)-1] })
	if text := h.p.Message().Text; text != "" {
		t.Errorf("it is told again: %q", text)
	}
}
