package presenter

import (
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/internal/message"
	"amarre/internal/policy"
	"amarre/internal/report"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// elsewhere saves a port of another service.
func (h *harness) elsewhere(service string) profile.Profile {
	h.t.Helper()
	saved := profiletest.Save(h.t, h.deps.Store, profile.Profile{Name: "Elsewhere", Service: service, PortCode: "AGD", ERPID: 15},
		profile.Secrets{Token: authclient.NewSecret("TOKEN")})
	h.Reload(nil)
	return saved
}

// TestPolicyFixesTheService: no other service is called, whether it is typed, saved or given
// on the command line.
func TestPolicyFixesTheService(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{h.service.URL}}
		d.Service, d.Settings.Service = "https://elsewhere.example", "https://old.example"
	})
	if h.Form().Texts[Service] != h.service.URL || !h.Fixed(Service) || h.field != PortCode {
		t.Errorf("the service is %q, and the cursor at %d", h.Form().Texts[Service], h.field)
	}
	h.expect("the message", h.Message().Text, "error.given_not_allowed", "URL", "https://elsewhere.example", "Services", h.service.URL)
	h.save("SET")

	// An invalid address is replaced, because the field cannot be edited.
	h.restart("en", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{h.service.URL}}
		d.Service = "ftp://nonsense"
	})
	h.New()
	if got := h.Form().Texts[Service]; got != h.service.URL {
		t.Errorf("the window begins with %q", got)
	}

	// With two services the user can choose between them. The one on the command line may
	// have another spelling.
	h.restart("en", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{h.service.URL, "https://sandbox.example"}}
		d.Service = "HTTPS://Sandbox.example/"
	})
	h.New()
	if got := h.form.text().texts[Service]; got != "https://sandbox.example" || h.Fixed(Service) {
		t.Errorf("the window begins with %q", got)
	}
	if got := h.Services(); !slices.Equal(got, []string{h.service.URL, "https://sandbox.example"}) {
		t.Errorf("it suggests %q", got)
	}
	h.Type(Service, "https://elsewhere.example")
	h.credentials("SET", "15", authtest.DemoPassword)
	h.Login()
	if !h.Form().Problems[Service].Error || h.field != Service || h.Credential() != nil || h.service.Logins() != 1 {
		t.Error("another service was asked")
	}

	// A port of another service can be opened but not checked.
	other := h.elsewhere("https://elsewhere.example")
	h.Open(other)
	h.answer(0)
	h.Check()
	h.expect("the message", h.Message().Text, "error.service_not_allowed", "Services", strings.Join(h.deps.Clients.Policy.Services, ", "))
	h.CheckListed()
	if h.listed("AGD").Check != "" || h.Task() != nil {
		t.Errorf("its verdict is %q", h.listed("AGD").Check)
	}
}

// TestFormLeavesAServiceThatIsNotAllowed: a new port does not start with the service of a
// saved port that is no longer allowed.
func TestFormLeavesAServiceThatIsNotAllowed(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) { d.Clients.Policy = policy.Policy{Services: []string{h.service.URL}} })
	old := h.elsewhere("https://old.example")
	for name, begin := range map[string]func(){"a new port": h.New, "a duplicate": h.Duplicate} {
		h.Open(old)
		begin()
		if got := h.Form().Texts[Service]; got != h.service.URL {
			t.Errorf("%s begins with %q", name, got)
		}
	}
}

// TestDemoCallsItsStandInAlone: the demo calls no other service, even for an imported port,
// and says so.
func TestDemoCallsItsStandInAlone(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Clients.Demo, d.Demo = h.service.URL, &Demo{PortCode: "MTP", ERPID: 15, Password: authtest.DemoPassword}
		d.Store = profile.OpenMemory()
	})
	if !h.Fixed(Service) || h.Form().Texts[Service] != h.service.URL {
		t.Errorf("the service can be edited: %q", h.Form().Texts[Service])
	}
	imported := h.elsewhere("https://real.example")
	h.Open(imported)
	h.Check()
	h.expect("the message", h.Message().Text, "error.service_not_demo")
	h.Renew()
	h.TypePassword(authclient.NewSecret("x"))
	h.Login()
	h.expect("the problem", h.Form().Problems[Service].Text, "error.service_not_demo")
}

// TestPolicyErasesPasswords: passwords that were saved before the policy are removed.
func TestPolicyErasesPasswords(t *testing.T) {
	h := start(t, "fr", nil)
	h.SetKeep(true)
	h.obtain("SET")
	h.SetKeep(true)
	h.Save()
	if h.Rows() != 1 || !h.At(0).HasPassword {
		t.Fatalf("saved is %+v", h.Ports())
	}
	h.restart("fr", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{NoPasswords: true}
		d.Store = profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring, NoPasswords: true})
	})
	if h.Rows() != 1 || h.At(0).HasPassword {
		t.Fatalf("the list has %+v", h.Ports())
	}
	for _, text := range h.ring.Items() {
		if strings.Contains(text, authtest.DemoPassword) {
			t.Error("the keyring has the password")
		}
	}
	h.expectN("the message", h.Message().Text, "policy.erased", 1)
}

// TestPolicyCapsTheClipboard: the policy limits the delay of the clipboard.
func TestPolicyCapsTheClipboard(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{MaxClear: 20 * time.Second}
		d.Settings.ClearSeconds = 60
	})
	h.save("SET")
	h.Copy()
	if c := h.Clipboard(); c.Left != 20 || c.Of != 20 {
		t.Errorf("a copy lasts for %d s of %d, want 20", c.Left, c.Of)
	}
}

// TestBrokenPolicy: the window only shows the error and can be closed.
func TestBrokenPolicy(t *testing.T) {
	h := start(t, "fr", func(_ *harness, d *Deps) {
		d.PolicyErr = &policy.Error{File: "/etc/amarre/policy.toml", Key: "servces", Err: policy.ErrUnknownKey}
	})
	if q := h.Question(); q == nil || !strings.Contains(q.Text, "/etc/amarre/policy.toml") || !strings.Contains(q.Text, "la clé «\u00a0servces\u00a0» n’existe pas") {
		t.Fatal("the window does not say what is wrong")
	}
	calls := h.ring.Calls()
	h.New()
	h.Type(PortCode, "SET")
	h.Type(ERPID, "15")
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	for _, act := range []func(){h.Login, h.Save, h.Home, h.Rebuild, h.Quit, h.CheckListed, h.ShowPreferences, h.OnForeground} {
		act()
	}
	if h.Question() == nil || h.isClosed || h.ring.Calls() != calls || h.service.Logins() != 0 {
		t.Error("something else can be done")
	}
	h.Escape()
	if !h.isClosed {
		t.Error("it does not quit")
	}
}

// TestEventsOfTheReport: what was done is noted with the kind of its outcome, and nothing else.
func TestEventsOfTheReport(t *testing.T) {
	h := start(t, "fr", nil)
	h.submit("SET", "15", "CANARY-wrong-password")
	h.save("SET")
	h.Copy()
	h.ring.Change(profiletest.Faults{Set: errRingLocked, Is: keyring.Locked})
	h.Edit()
	h.Type(Note, "CANARY-other")
	h.Save()
	text := h.Texts().Report(report.Facts{}, message.ReportSettings{}, h.Events(), h.clock.Now())
	for _, secret := range []string{h.token(), authtest.DemoPassword, "CANARY", "Sète", "SET", h.service.URL, "127.0.0.1"} {
		if strings.Contains(text, secret) {
			t.Errorf("the report has %q:\n%s", secret, text)
		}
	}
	for _, want := range []string{"demande de jeton\u00a0: refusé", "demande de jeton\u00a0: fait", "enregistrement\u00a0: fait", "enregistrement\u00a0: trousseau verrouillé", "copie\u00a0: fait", "14:32:00"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
}

// TestCrashIsReportedOnce: only the first window after a crash mentions it, and it shows the
// report.
func TestCrashIsReportedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crash-20261123-143200.txt")
	if err := os.WriteFile(path, []byte("where it was"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := start(t, "en", func(_ *harness, d *Deps) { d.CrashReport = path })
	h.expect("the message", h.Message().Text, "crash.told", "File", path)
	shown := ""
	h.ShowCrash = func(text string) { shown = text }
	h.Act(0)
	if shown != "where it was" {
		t.Errorf("shown is %q", shown)
	}
	h.restart("en", func(h *harness, d *Deps) { d.CrashReport, d.Settings = path, h.settings[len(h.settings)-1] })
	if h.Message().Text != "" {
		t.Errorf("it is reported again: %q", h.Message().Text)
	}
}

// TestSharedClipboardWarnsOnce: in a remote session, only the first copy warns that the
// clipboard may be shared.
func TestSharedClipboardWarnsOnce(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) { d.Remote = true })
	h.save("SET")
	h.Copy()
	h.expect("the message", h.Message().Text, "clipboard.shared")
	h.Escape()
	h.Copy()
	if h.Message().Text != "" {
		t.Errorf("the warning is repeated: %q", h.Message().Text)
	}
	h.restart("en", func(h *harness, d *Deps) { d.Remote, d.Settings = true, h.settings[len(h.settings)-1] })
	h.save("MTP")
	h.Copy()
	if h.Message().Text != "" {
		t.Errorf("the warning is repeated after a restart: %q", h.Message().Text)
	}
}

// secure returns the simulated service with TLS, and a file with its authority.
func (h *harness) secure() (address, file string) {
	h.t.Helper()
	service, err := url.Parse(h.service.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	server := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(service))
	h.t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	file = filepath.Join(h.t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return server.URL, file
}

// TestAuthority: the file of an extra authority makes a service with an unknown authority
// usable. What is wrong with it is said at the service, and after a check.
func TestAuthority(t *testing.T) {
	h := start(t, "en", nil)
	address, file := h.secure()
	h.Type(Service, address)
	h.submit("MTP", "15", authtest.DemoPassword)
	if !strings.Contains(h.Message().Text, "Acme Co") || h.Credential() != nil {
		t.Fatalf("an unknown authority gives %q", h.Message().Text)
	}
	h.deps.Clients.Authorities = map[string]string{address: file}
	h.Login()
	h.Save()
	if h.Credential() == nil || h.Credential().State != Saved {
		t.Fatalf("it is not used: %q", h.Message().Text)
	}
	if err := os.WriteFile(file, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.Check()
	h.expect("a file that is none", h.Message().Text, "error.ca", "File", file)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	h.Check()
	h.expect("a file that is missing", h.Message().Text, "error.ca_missing", "File", file)
	h.Renew()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	if h.Question() != nil {
		h.answer(0)
	}
	h.expect("at the service", h.Form().Problems[Service].Text, "error.ca_missing", "File", file)
	if h.field != Service || h.Message().Text != "" {
		t.Errorf("the cursor is at %d, the message %q", h.field, h.Message().Text)
	}
	h.deps.Clients.Authorities = nil
	h.CancelForm()
	h.Check()
	if !strings.Contains(h.Message().Text, "Acme Co") {
		t.Errorf("without the authority a check says %q", h.Message().Text)
	}
}

// TestAuthoritiesAreNotReadOnTheWindowsGoroutine: a file on a network that does not answer must
// not stop the window. The file is put in its place after the action and before the work of
// another goroutine.
func TestAuthoritiesAreNotReadOnTheWindowsGoroutine(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	file := filepath.Join(h.dir, "ca.cer")
	h.deps.Clients.Authorities = map[string]string{h.service.URL: file}
	for name, c := range map[string]struct {
		act  func()
		done func() bool
	}{
		"login":        {func() { h.New(); h.submit("SET", "15", authtest.DemoPassword) }, func() bool { return h.token() != "" }},
		"check":        {h.Check, func() bool { return h.Credential().Works() == profile.Accepted }},
		"check of all": {h.CheckListed, func() bool { return h.listed("MTP").Check == profile.Accepted }},
	} {
		h.Open(h.listed("MTP"))
		if h.Question() != nil {
			h.answer(0)
		}
		h.hold = true
		c.act()
		if len(h.held) == 0 {
			t.Fatalf("%s: nothing is done on another goroutine", name)
		}
		server := httptest.NewTLSServer(nil)
		server.Close()
		if err := os.WriteFile(file, server.Certificate().Raw, 0o600); err != nil {
			t.Fatal(err)
		}
		h.release()
		if !c.done() {
			t.Errorf("%s: the file was not read by the work: %q, %+v", name, h.Message().Text, h.Form().Problems)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}
