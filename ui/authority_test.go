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
)

// TestAuthority: the file of an extra authority makes a service with an unknown authority
// usable, until it is removed.
func TestAuthority(t *testing.T) {
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
	if !strings.Contains(h.message(), "Acme Co") || h.current != nil {
		t.Fatalf("an unknown authority gives %q", h.message())
	}
	h.authority()
	h.typeInto("ask.input", "/no/such/file")
	h.press(fyne.KeyReturn)
	if h.dialog == nil || len(h.Window.settings.Authorities) != 0 {
		t.Fatal("a file that is none was taken")
	}
	if h.focused() != "ask.input" {
		t.Errorf("after a file that is none the focus is on %q", h.focused())
	}
	h.typeInto("ask.input", file)
	h.press(fyne.KeyReturn)
	if h.dialog != nil || h.settings[len(h.settings)-1].Authorities[server.URL] != file {
		t.Fatalf("the settings are %+v", h.Window.settings)
	}
	h.getToken("MTP", true)

	if err := os.WriteFile(file, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.press(fyne.KeyF5)
	h.expect("a file that is gone", h.result.verdict.Text, "error.ca", "File", file)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	h.press(fyne.KeyF5)
	h.expect("a file that is missing", h.result.verdict.Text, "error.ca_missing", "File", file)
	h.authority()
	h.answer(0) // remove
	h.press(fyne.KeyF5)
	if !strings.Contains(h.message(), "Acme Co") {
		t.Errorf("without the authority a check says %q, %q", h.result.verdict.Text, h.message())
	}
}

// TestAuthoritiesAreNotReadOnTheWindowsGoroutine: a file on a network that does not answer
// must not stop the window. Each file is put in its place after the action and before the
// work of another goroutine.
func TestAuthoritiesAreNotReadOnTheWindowsGoroutine(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(h *harness, file string)
		done func(h *harness, file string) bool
	}{
		"login": {
			func(h *harness, _ string) { h.credentials("SET", "15", authtest.DemoPassword); h.press(fyne.KeyReturn) },
			func(h *harness, _ string) bool { return h.current != nil && h.current.profile.PortCode == "SET" },
		},
		"check": {
			func(h *harness, _ string) { h.press(fyne.KeyF5) },
			func(h *harness, _ string) bool { return strings.HasPrefix(h.result.verdict.Text, "✓") },
		},
		"test of the connection": {
			func(h *harness, _ string) { h.shortcut(fyne.KeyT, ctrl) },
			func(h *harness, _ string) bool {
				return strings.Contains(h.dialog.Body().Text, h.Window.t.T("diagnose.service"))
			},
		},
		"choice of an authority": {
			func(h *harness, file string) {
				h.setAuthority(h.address(), "")
				h.authority()
				h.typeInto("ask.input", file)
				h.press(fyne.KeyReturn)
			},
			func(h *harness, file string) bool {
				return h.dialog == nil && h.Window.settings.Authorities[h.address().String()] == file
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t, "en", nil)
			h.getToken("MTP", true)
			file := filepath.Join(h.dir, "ca.cer")
			h.setAuthority(h.address(), file)
			h.hold = true
			c.act(h, file)
			if len(h.held) == 0 {
				t.Fatal("nothing is done on another goroutine")
			}
			server := httptest.NewTLSServer(nil)
			server.Close()
			if err := os.WriteFile(file, server.Certificate().Raw, 0o600); err != nil {
				t.Fatal(err)
			}
			h.release()
			if !c.done(h, file) {
				t.Errorf("the file was not read by the work: %q, %q, %q", h.result.verdict.Text, h.message(), h.form.serviceField.Message())
			}
		})
	}
}

// address returns the address of the simulated service.
func (h *harness) address() authclient.Address {
	h.t.Helper()
	address, err := authclient.ParseAddress(h.service.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	return address
}

// TestAuthorityOfALogin: what is wrong with the file of an authority is said at the service.
func TestAuthorityOfALogin(t *testing.T) {
	h := start(t, "fr", nil)
	file := filepath.Join(h.dir, "missing.cer")
	h.setAuthority(h.address(), file)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.expect("the problem", h.form.serviceField.Message(), "error.ca_missing", "File", file)
	if h.current != nil || h.message() != "" {
		t.Errorf("the message is %q", h.message())
	}
	h.shortcut(fyne.KeyT, ctrl)
	if h.dialog == nil || !strings.Contains(h.dialog.Body().Text, h.Window.t.T("error.ca_missing", "File", file)) {
		t.Error("the test of the connection does not say it")
	}
}
