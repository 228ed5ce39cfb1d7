package presenter

import (
	"slices"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/policy"
	"amarre/profile"
)

// submit types a credential and sends it.
func (h *harness) submit(port, erp, password string) {
	h.t.Helper()
	h.credentials(port, erp, password)
	h.Login()
}

// again asks for another token for the open port.
func (h *harness) again() {
	h.t.Helper()
	h.Renew()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	if h.Question() != nil {
		h.answer(0) // the saved token may still work
	}
}

// TestEveryRefusalLooksTheSame: whichever input is wrong, the message is the same and no
// field is marked (docs/security.md, lines 10 and 11).
func TestEveryRefusalLooksTheSame(t *testing.T) {
	h := start(t, "fr", nil)
	for _, c := range []struct{ port, erp, password string }{
		{"XXX", "15", authtest.DemoPassword}, {"MTP", "16", authtest.DemoPassword}, {"MTP", "15", "wrong"},
	} {
		h.submit(c.port, c.erp, c.password)
		m := h.Message()
		h.expect("the message", m.Title+". "+m.Text, "login.refused")
		if m.Look != Refusal || len(m.Actions) != 0 || len(h.Form().Problems) != 0 {
			t.Errorf("%v: look %d, %d buttons, problems %v", c, m.Look, len(m.Actions), h.Form().Problems)
		}
		if f := h.Form(); f.Texts[PortCode] != c.port || f.Texts[ERPID] != c.erp || f.Password.Reveal() != c.password || h.Page() != Editing || h.Credential() != nil {
			t.Errorf("%v: what was typed is lost, or something is open", c)
		}
	}
	if h.service.Logins() != 3 {
		t.Errorf("%d logins", h.service.Logins())
	}
}

// TestRefusalOfSmallLetters also points at the case of the port code.
func TestRefusalOfSmallLetters(t *testing.T) {
	h := start(t, "en", nil)
	h.submit("xxx", "15", authtest.DemoPassword)
	m := h.Message()
	if got, want := m.Title+". "+m.Text, h.Texts().T("login.refused")+" "+h.Texts().T("login.case", "Code", "xxx"); got != want {
		t.Errorf("the message is %q, want %q", got, want)
	}
}

// TestOnlyARefusalIsOne: every other error says that the credential was not verified, and
// offers what helps to find out why.
func TestOnlyARefusalIsOne(t *testing.T) {
	for name, quirks := range map[string]authtest.Quirks{
		"service error": {LoginDown: true}, "web server": {ServerPage: true}, "basic": {BasicAuth: true},
		"redirect": {RedirectTo: "https://portail.example/"}, "unreachable": {},
	} {
		h := start(t, "fr", nil)
		h.service.SetQuirks(quirks)
		if name == "unreachable" {
			h.service.Close()
		}
		h.submit("MTP", "15", authtest.DemoPassword)
		m := h.Message()
		h.expect(name, m.Title, "login.unverified")
		if m.Look != Warning || len(m.Actions) != 1 || strings.Contains(m.Text, "refus") || h.Credential() != nil {
			t.Errorf("%s: %+v", name, m)
		}
		if name == "redirect" && !strings.Contains(m.Text, "portail.example") {
			t.Errorf("the message does not name the target: %q", m.Text)
		}
		h.Act(0)
		if h.Page() != Troubleshooting {
			t.Errorf("%s: the button shows page %d", name, h.Page())
		}
		h.Back()
		if h.Page() != Editing || h.Form().Password.Reveal() != authtest.DemoPassword {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
}

// TestLocalChecks: invalid inputs are not sent, each of them has its error, the first one has
// the focus, and the errors follow the corrections.
func TestLocalChecks(t *testing.T) {
	h := start(t, "en", nil)
	problem := func(field Field, key string) {
		t.Helper()
		if p := h.Form().Problems[field]; !p.Error || p.Text != h.Texts().T(key) {
			t.Errorf("the problem of field %d is %+v, want %s", field, p, key)
		}
	}
	h.Type(Service, "http://logapass.example")
	if h.Form().Target != "" {
		t.Errorf("an invalid address has the target %q", h.Form().Target)
	}
	h.submit("MTPX", "0", "")
	problem(Service, "error.address_plain_http")
	problem(PortCode, "error.port_code")
	problem(ERPID, "error.erp_id")
	problem(Password, "error.password")
	if h.focused != ToField || h.field != Service || h.service.Logins() != 0 {
		t.Errorf("the focus is on %d of %d, %d logins", h.field, h.focused, h.service.Logins())
	}
	h.Type(Service, h.service.URL)
	h.Type(PortCode, "MTP")
	if problems := h.Form().Problems; problems[Service].Error || problems[PortCode].Error || !problems[ERPID].Error {
		t.Errorf("the errors do not follow the corrections: %+v", problems)
	}
	h.Login()
	if h.field != ERPID {
		t.Errorf("the focus is on %d, want the first invalid field", h.field)
	}
	h.TypePassword(authclient.NewSecret(" secret"))
	if p := h.Form().Problems[Password]; p.Error || p.Text != h.Texts().T("form.password_spaces") {
		t.Errorf("a space gives %+v", p)
	}
}

// TestLocalErrorRemovesTheFormerAnswer, which is about other inputs.
func TestLocalErrorRemovesTheFormerAnswer(t *testing.T) {
	h := start(t, "en", nil)
	h.submit("MTP", "15", "wrong")
	h.Type(ERPID, "x")
	h.Login()
	if text := h.Message().Text; text != "" {
		t.Errorf("beside a local error stands %q", text)
	}
}

// TestWarningOfTheView at a field stays until the next change, and covers no error.
func TestWarningOfTheView(t *testing.T) {
	h := start(t, "fr", nil)
	h.WarnAt(Password, h.Texts().T("form.paste_lines"))
	h.expect("the warning", h.Form().Problems[Password].Text, "form.paste_lines")
	h.TypePassword(authclient.NewSecret("a"))
	if p := h.Form().Problems[Password]; p.Text != "" {
		t.Errorf("the next letter leaves %q", p.Text)
	}
	h.TypePassword(authclient.Secret{})
	h.Login()
	h.WarnAt(Password, "a warning")
	h.expect("the error", h.Form().Problems[Password].Text, "error.password")
}

// TestCancel: Escape and the form cancel a login, which keeps the inputs.
func TestCancel(t *testing.T) {
	h := start(t, "fr", nil)
	for name, cancel := range map[string]func(){"Escape": h.Escape, "the form": h.CancelForm} {
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.hold = true
		h.Login()
		if task := h.Task(); task == nil || !task.Form || task.Text == "" || !h.Blocked() {
			t.Fatalf("%s: the form does not show that it is working: %+v", name, task)
		}
		h.clock.Advance(3 * time.Second)
		if text := h.Task().Text; !strings.Contains(text, "3\u00a0s") {
			t.Errorf("after 3 s the text is %q", text)
		}
		h.Login() // a second Enter does nothing
		cancel()
		h.expect(name, h.Task().Text, "call.cancelling")
		h.clock.Advance(3 * time.Second)
		h.expect("three seconds later", h.Task().Text, "call.cancelling")
		if len(h.held) != 1 {
			t.Errorf("%s: %d calls were begun", name, len(h.held))
		}
		h.release()
		h.expect("the message", h.Message().Text, "login.cancelled")
		if h.Credential() != nil || h.Task() != nil || h.Page() != Editing || h.Form().Password.Reveal() != authtest.DemoPassword {
			t.Errorf("%s: something is open, or what was typed is lost", name)
		}
	}
	if h.service.Logins() != 0 {
		t.Errorf("%d logins reached the service", h.service.Logins())
	}
}

// TestSpellingIsNoChange: another spelling of the same credential does not ask.
func TestSpellingIsNoChange(t *testing.T) {
	h := start(t, "en", nil)
	h.Type(Service, h.service.URL+"/")
	h.New()
	h.noQuestion()
	h.Type(PortCode, "MTP")
	h.New()
	if h.Question() == nil {
		t.Fatal("what was typed is lost without a question")
	}
	h.answer(1)
	if h.Form().Texts[PortCode] != "MTP" {
		t.Error("to go back loses what was typed")
	}
	h.New()
	h.answer(0)
	if h.Form().Texts[PortCode] != "" || h.Page() != Editing {
		t.Error("what was discarded is still there")
	}
	h.noQuestion()
}

// TestInputDuringLogin: the token belongs to what was sent, whatever is typed meanwhile.
func TestInputDuringLogin(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("SET", "15", authtest.DemoPassword)
	h.hold = true
	h.Login()
	h.Type(PortCode, "AGD")
	h.Type(Note, "typed meanwhile")
	h.SetEnvironment(profile.Test)
	h.release()
	if c := h.Credential(); c == nil || c.Profile.PortCode != "SET" {
		t.Fatalf("open is %+v", c)
	}
	h.Save()
	if got := h.Credential().Profile; got.PortCode != "SET" || got.Name != "Port de Sète" || got.Note != "typed meanwhile" || got.Environment != profile.Test {
		t.Errorf("saved as %+v", got)
	}
}

// TestFirstStartFocusesTheService, which is the first empty field, and says where the
// credential will be sent.
func TestFirstStartFocusesTheService(t *testing.T) {
	h := start(t, "fr", func(_ *harness, d *Deps) { d.Service = "" })
	if h.focused != ToField || h.field != Service {
		t.Errorf("the focus is on %d of %d", h.field, h.focused)
	}
	h.Type(Service, "logapass.example/ws?test")
	h.expect("the target", h.Form().Target, "form.target", "URL", "https://logapass.example/ws/Auth/Login?test")
	h.Login() // the other fields are empty
	h.expect("the target after an error", h.Form().Target, "form.target", "URL", "https://logapass.example/ws/Auth/Login?test")
}

// TestOtherCaseIsPointedAt: the service may tell the cases of a port code apart.
func TestOtherCaseIsPointedAt(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.New()
	h.Type(PortCode, "set")
	h.expect("the warning", h.Form().Problems[PortCode].Text, "form.other_case", "Code", "SET", "Name", "Port de Sète")
	h.Type(PortCode, "SET")
	if p := h.Form().Problems[PortCode]; p.Text != "" {
		t.Errorf("the same case gives %q", p.Text)
	}
}

// TestSubmitSavesAnEditedPort, and gets no token.
func TestSubmitSavesAnEditedPort(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	logins := h.service.Logins()
	h.Edit()
	if h.Form().Mode != EditPort || h.focused != ToField || h.field != Name {
		t.Fatalf("mode %d, focus on %d of %d", h.Form().Mode, h.field, h.focused)
	}
	h.Type(Name, " Sète \n")
	h.Submit()
	if h.service.Logins() != logins || h.Page() != Reading || h.Credential().Profile.Name != "Sète" || h.At(0).Name != "Sète" {
		t.Errorf("%d logins, page %d, name %q", h.service.Logins()-logins, h.Page(), h.Credential().Profile.Name)
	}
	h.Edit()
	h.Type(Name, "  ")
	h.Submit()
	h.expect("an empty name", h.Form().Problems[Name].Text, "rename.empty")
	if h.At(0).Name != "Sète" || h.Page() != Editing {
		t.Error("an empty name is saved")
	}
	h.Escape()
	h.answer(0)
	if h.Page() != Reading || h.Credential().State != Saved {
		t.Errorf("discarded: page %d", h.Page())
	}
}

// TestDuplicateKeepsTheRest: only the port code, the name, the note and the token are
// the other port's.
func TestDuplicateKeepsTheRest(t *testing.T) {
	h := start(t, "en", nil)
	h.Type(ERP, "Alizée")
	h.Type(Note, "a note")
	h.SetKeep(true)
	of := h.save("SET")
	h.Duplicate()
	f := h.Form()
	if f.Mode != NewPort || f.Texts != [Note + 1]string{Service: of.Service, ERPID: "15", ERP: "Alizée"} || f.Password.Reveal() != authtest.DemoPassword {
		t.Errorf("the form has %q", f.Texts)
	}
	if h.focused != ToField || h.field != PortCode || h.Credential() != nil {
		t.Errorf("focus on %d of %d", h.field, h.focused)
	}
	h.noQuestion()
	h.Home()
	h.noQuestion() // nothing was typed
	h.DuplicateOf(of)
	if !h.Form().Password.IsZero() || h.Form().Texts[ERPID] != "15" {
		t.Error("a port that is not open gives its password, or not its inputs")
	}
}

// TestERPIsSuggested: that of another port with the same ERP ID at the same service.
func TestERPIsSuggested(t *testing.T) {
	h := start(t, "en", nil)
	h.Type(ERP, "Maison")
	h.save("SET")
	h.New()
	h.obtain("MTP")
	if got := h.Form().Texts[ERP]; got != "Maison" {
		t.Errorf("the ERP is %q", got)
	}
	if erps := h.ERPs(); !slices.Equal(erps, []string{"Alizée", "Maison", "Port Logic"}) {
		t.Errorf("suggested are %q", erps)
	}
}

// TestForbiddenPassword: the policy forbids to save passwords.
func TestForbiddenPassword(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) { d.Clients.Policy = policy.Policy{NoPasswords: true} })
	h.SetKeep(true)
	if h.Form().Keep || h.CanKeepPassword() {
		t.Error("the password may be saved")
	}
	if got := h.inRing(h.save("SET")); !got.Password.IsZero() {
		t.Error("the password was saved")
	}
}
