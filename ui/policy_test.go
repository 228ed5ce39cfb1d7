package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/policy"
	"amarre/profile"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
)

// TestPolicyFixesTheService: no other service is called, whether it is typed, saved or given
// on the command line.
func TestPolicyFixesTheService(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{h.service.URL}}
		d.Service, d.Settings.Service = "https://elsewhere.example", "https://old.example"
	})
	if service := h.form.service; service.Text != h.service.URL || !service.Disabled() || h.focused() != "form.port_code" {
		t.Errorf("the service is %q, and the cursor at %q", service.Text, h.focused())
	}
	h.expect("the message", h.message(), "error.given_not_allowed", "URL", "https://elsewhere.example", "Services", h.service.URL)
	h.getToken("SET", true)

	// An invalid address is replaced, because the field cannot be edited.
	h.restart("en", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{h.service.URL}}
		d.Service = "ftp://nonsense"
	})
	if got := h.form.service.Text; got != h.service.URL {
		t.Errorf("the window begins with %q", got)
	}

	// With two services the user can choose between them. The one on the command line may
	// have another spelling.
	h.restart("en", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{h.service.URL, "https://sandbox.example"}}
		d.Service = "HTTPS://Sandbox.example/"
	})
	if got := h.form.text().service; got != "https://sandbox.example" {
		t.Errorf("the window begins with %q", got)
	}
	if h.form.service.Disabled() {
		t.Error("there is no choice")
	}
	h.typeInto("form.service", "https://elsewhere.example")
	h.credentials("SET", "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if !h.form.serviceField.Failed() || h.focused() != "form.service" || h.current != nil {
		t.Error("another service was asked")
	}

	// A profile of another service can be opened but not checked.
	other := profiletest.Save(t, h.deps.Store, profile.Profile{Name: "Elsewhere", Service: "https://elsewhere.example", PortCode: "AGD", ERPID: 15},
		profile.Secrets{Token: authclient.NewSecret("TOKEN")})
	h.shortcut(fyne.KeyN, ctrl)
	h.answer(0)
	h.reload(func() { h.openProfile(other) })
	h.press(fyne.KeyF5)
	h.expect("the verdict", h.result.verdict.Text, "error.service_not_allowed", "Services", strings.Join(h.deps.Clients.Policy.Services, ", "))
}

// TestFormLeavesAServiceThatIsNotAllowed: a new profile does not start with the service of
// an old profile that is no longer allowed.
func TestFormLeavesAServiceThatIsNotAllowed(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{h.service.URL}}
	})
	old := profiletest.Save(t, h.deps.Store, profile.Profile{Name: "Old", Service: "https://old.example", PortCode: "AGD", ERPID: 15},
		profile.Secrets{Token: authclient.NewSecret("TOKEN")})
	for name, key := range map[string]fyne.KeyName{"a new profile": fyne.KeyN, "a duplicate": fyne.KeyD} {
		h.reload(func() { h.openProfile(old) })
		if got := h.form.service.Text; got != old.Service {
			t.Fatalf("the old profile shows %q", got)
		}
		h.shortcut(key, ctrl)
		if got := h.form.service.Text; got != h.service.URL {
			t.Errorf("%s begins with %q", name, got)
		}
	}
}

// TestDemoCallsItsStandInAlone: the demo calls no other service, even for an imported
// profile, and the form says so.
func TestDemoCallsItsStandInAlone(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Clients.Demo, d.Demo = h.service.URL, &Demo{PortCode: "MTP", ERPID: 15, Password: authtest.DemoPassword}
		d.Store = profile.OpenMemory()
	})
	if !h.form.service.Disabled() || h.form.service.Text != h.service.URL {
		t.Errorf("the service can be edited: %q", h.form.service.Text)
	}
	imported := profiletest.Save(t, h.deps.Store, profile.Profile{Name: "Real", Service: "https://real.example", PortCode: "AGD", ERPID: 15},
		profile.Secrets{Token: authclient.NewSecret("TOKEN")})
	h.reload(func() { h.openProfile(imported) })
	h.press(fyne.KeyF5)
	h.expect("the verdict", h.result.verdict.Text, "error.service_not_demo")
	h.shortcut(fyne.KeyT, ctrl)
	h.expect("the error", h.form.serviceField.Message(), "error.service_not_demo")
}

// TestPolicyErasesPasswords: passwords that were saved before the policy are removed.
func TestPolicyErasesPasswords(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("SET", false)
	h.result.keep.SetChecked(true)
	h.shortcut(fyne.KeyS, ctrl)
	if len(h.all) != 1 || !h.all[0].HasPassword {
		t.Fatalf("saved is %+v", h.all)
	}
	h.restart("fr", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{NoPasswords: true}
		d.Store = profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring, NoPasswords: true})
	})
	if len(h.all) != 1 || h.all[0].HasPassword {
		t.Fatalf("the list has %+v", h.all)
	}
	for _, text := range h.ring.Items() {
		if strings.Contains(text, authtest.DemoPassword) {
			t.Error("the keyring has the password")
		}
	}
	if want := h.Window.t.N("policy.erased", 1); h.message() != want {
		t.Errorf("the message is %q, want %q", h.message(), want)
	}
}

// TestPolicyForbidsPasswords: the choice to save a password is disabled and says why.
func TestPolicyForbidsPasswords(t *testing.T) {
	h := start(t, "fr", func(h *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{NoPasswords: true}
		d.Store = profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring, NoPasswords: true})
	})
	h.getToken("SET", false)
	if keep := h.result.keep; !keep.Disabled() || keep.Checked || keep.Text != h.Window.t.T("result.keep_forbidden") {
		t.Errorf("the choice is %q, enabled %v", keep.Text, !keep.Disabled())
	}
	h.shortcut(fyne.KeyS, ctrl)
	if len(h.all) != 1 || h.all[0].HasPassword {
		t.Fatalf("saved is %+v", h.all)
	}
	for _, text := range h.ring.Items() {
		if strings.Contains(text, authtest.DemoPassword) {
			t.Error("the keyring has the password")
		}
	}
}

// TestPolicyCapsTheClipboard: the policy limits the delay of the clipboard, and the security
// dialog shows the limit.
func TestPolicyCapsTheClipboard(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{File: "/etc/amarre/policy.toml", MaxClear: 20 * time.Second, NoPasswords: true, Services: []string{d.Service}}
		d.Settings.ClearSeconds = 60
	})
	h.getToken("SET", true)
	h.deps.Clients.Policy.CAFile = "/etc/ssl/x.pem"
	h.shortcut(fyne.KeyC, ctrl|shift)
	if left := h.guard.Left(); left != 20 {
		t.Errorf("a copy lasts for %d s, want 20", left)
	}
	h.menuItem("menu.safety")
	fixed, ok := h.named["ask.fixed"].(*kit.Paragraph)
	if !ok {
		t.Fatal("what is fixed is not shown")
	}
	for _, want := range []string{"/etc/amarre/policy.toml", h.service.URL, "never saved", "20 seconds at most", "/etc/ssl/x.pem"} {
		if !strings.Contains(fixed.Text, want) {
			t.Errorf("what is fixed lacks %q: %q", want, fixed.Text)
		}
	}
	if delay := h.named["ask.input"].(*kit.Entry); delay.Text != "20" {
		t.Errorf("the delay is shown as %q", delay.Text)
	}
	h.typeInto("ask.input", "30")
	h.press(fyne.KeyReturn)
	if h.dialog == nil || h.dialog.Problem() != h.Window.t.T("safety.delay_wrong", "Least", 10, "Most", 20) {
		t.Error("more than the policy allows was taken")
	}
	h.typeInto("ask.input", "15")
	h.press(fyne.KeyReturn)
	h.noQuestion()
	if last := h.settings[len(h.settings)-1]; last.ClearSeconds != 15 {
		t.Errorf("the setting is %d s", last.ClearSeconds)
	}
}

// TestBrokenPolicy: the window only shows the error and can be closed.
func TestBrokenPolicy(t *testing.T) {
	h := start(t, "fr", func(_ *harness, d *Deps) {
		d.PolicyErr = &policy.Error{File: "/etc/amarre/policy.toml", Key: "servces", Err: policy.ErrUnknownKey}
	})
	if h.dialog == nil || !strings.Contains(h.dialog.Body().Text, "/etc/amarre/policy.toml") || !strings.Contains(h.dialog.Body().Text, "la clé «\u00a0servces\u00a0» n’existe pas") {
		t.Fatal("the window does not say what is wrong")
	}
	calls := h.ring.Calls()
	for _, key := range []fyne.KeyName{fyne.KeyN, fyne.KeyS, fyne.KeyT, fyne.KeyI, fyne.KeyQ} {
		h.shortcut(key, ctrl)
	}
	if h.dialog == nil || h.closed || h.ring.Calls() != calls {
		t.Error("something else can be done")
	}
	h.press(fyne.KeyReturn)
	if !h.closed {
		t.Error("Enter does not quit")
	}
}
