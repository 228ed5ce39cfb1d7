package presenter

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/bulk"
	"amarre/internal/handover"
	"amarre/internal/keyring"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// monkeyAction is an action; one in rare of those that are drawn is done.
type monkeyAction struct {
	name string
	rare int
	do   func(m *monkey)
}

// monkeyActions are every action of the user, and what else may happen.
var monkeyActions []monkeyAction

func init() { // they refer to methods that refer to them
	monkeyActions = slices.Concat(monkeyForm, monkeyToken, monkeyList, monkeyMany, monkeyPages, monkeyWorld)
}

// pick returns one of several values.
func pick[T any](m *monkey, of ...T) T { return of[m.random.IntN(len(of))] }

// row returns a saved profile.
func (m *monkey) row() (of profile.Profile, ok bool) {
	if m.Rows() == 0 {
		return of, false
	}
	of = m.At(m.random.IntN(m.Rows()))
	m.say("%s/%s", of.PortCode, of.ID)
	return of, true
}

// delete asks for the deletion of profiles.
func (m *monkey) delete(selected []profile.Profile) {
	if m.Blocked() {
		return
	}
	for _, each := range selected {
		m.say("%s", each.ID)
		m.asked[each.ID] = true
	}
	m.Delete(selected)
}

// answerWith answers the question, and notes what the user agrees to.
func (m *monkey) answerWith(index int) {
	q := m.question
	m.say("answer %d to %s", index, q.Title)
	if index == 0 && q.Text == m.t2("unsaved.token") && m.cred != nil {
		m.given[m.cred.Secrets.Token.Reveal()] = true
	}
	if index == 0 && strings.Contains(q.Text, m.Texts().N("many.lost", m.unsavedTokens())) {
		m.giveRun(bulk.NotSaved, bulk.Differs)
	}
	if index == 0 && (q.Title == m.t2("session.quit_title") || q.Title == m.t2("many.quit_title")) {
		m.mayClose = true
	}
	m.Answer(index)
}

func (m *monkey) t2(key string) string { return m.Texts().T(key) }

// decide decides between two tokens.
func (m *monkey) decide() {
	if m.random.IntN(2) == 0 {
		m.log = append(m.log, "keep stored")
		m.keepStored()
		return
	}
	m.log = append(m.log, "save new")
	m.SaveNew()
}

func (m *monkey) keepStored() {
	if !m.Blocked() && m.cred != nil && m.cred.State == Differs {
		m.given[m.cred.Secrets.Token.Reveal()] = true
	}
	m.KeepStored()
}

// name returns a new text.
func (m *monkey) name() string { return fmt.Sprintf("name %d", m.random.IntN(1000)) }

var monkeyPorts = []string{"SET", "MTP", "AGD", "LGM"}

var monkeyForm = []monkeyAction{
	{"new", 0, func(m *monkey) { m.New() }},
	{"new filled", 0, func(m *monkey) {
		m.New()
		m.fill()
	}},
	{"fill", 0, func(m *monkey) { m.fill() }},
	{"type", 0, func(m *monkey) {
		if m.under() == Editing || m.page == Reading {
			field := pick(m, PortCode, ERPID, Name, Name, ERP, Note)
			if !m.Fixed(field) {
				m.say("%d", field)
				m.Type(field, pick(m, "SET", "15", m.name(), ""))
			}
		}
	}},
	{"password", 0, func(m *monkey) {
		m.TypePassword(authclient.NewSecret(pick(m, authtest.DemoPassword, authtest.DemoPassword, " wrong", "")))
	}},
	{"environment", 2, func(m *monkey) { m.SetEnvironment(pick(m, profile.Production, profile.Test)) }},
	{"keep", 2, func(m *monkey) { m.SetKeep(m.random.IntN(2) == 0) }},
	{"details", 2, func(m *monkey) { m.ShowDetails(m.random.IntN(2) == 0) }},
	{"submit", 0, func(m *monkey) { m.Submit() }},
	{"login", 0, func(m *monkey) { m.Login() }},
	{"login", 0, func(m *monkey) { m.Login() }},
	{"duplicate", 2, func(m *monkey) { m.Duplicate() }},
	{"duplicate of", 2, func(m *monkey) {
		if of, ok := m.row(); ok {
			m.DuplicateOf(of)
		}
	}},
	{"edit", 0, func(m *monkey) { m.Edit() }},
	{"edit", 0, func(m *monkey) {
		m.Edit()
		if m.under() == Editing && m.form.Mode == EditPort {
			m.Type(Name, m.name())
			m.say("type")
		}
	}},
	{"renew", 0, func(m *monkey) { m.Renew() }},
	{"renew", 0, func(m *monkey) {
		m.Renew()
		if m.page == Editing && m.form.Mode == Renew {
			m.TypePassword(authclient.NewSecret(authtest.DemoPassword))
			m.Login()
		}
	}},
	{"cancel form", 2, func(m *monkey) { m.CancelForm() }},
}

// fill fills in the form.
func (m *monkey) fill() {
	if m.page != Editing || m.form.Mode != NewPort {
		return
	}
	port := pick(m, monkeyPorts...)
	m.say("%s", port)
	m.Type(PortCode, port)
	m.Type(ERPID, "15")
	m.TypePassword(authclient.NewSecret(authtest.DemoPassword))
}

var monkeyToken = []monkeyAction{
	{"save", 0, func(m *monkey) { m.Save() }},
	{"save", 0, func(m *monkey) { m.Save() }},
	{"save and copy", 0, func(m *monkey) { m.SaveAndCopy() }},
	{"save new", 0, func(m *monkey) { m.SaveNew() }},
	{"keep stored", 2, func(m *monkey) { m.keepStored() }},
	{"return to previous", 2, func(m *monkey) { m.ReturnToPrevious() }},
	{"forget previous", 2, func(m *monkey) { m.ForgetPrevious() }},
	{"check previous", 2, func(m *monkey) {
		if !m.Blocked() {
			m.openDialog()
			m.CheckPrevious(func(profile.Verdict) {})
		}
	}},
	{"copy", 0, func(m *monkey) { m.Copy() }},
	{"copy as", 2, func(m *monkey) { m.CopyAs(pick(m, handover.Formats()...)) }},
	{"reveal", 0, func(m *monkey) { m.ToggleToken() }},
	{"spell", 3, func(m *monkey) {
		m.WithToken(func(*Credential) {
			m.openDialog()
			m.SecretRevealed(true)
		})
	}},
	{"check", 0, func(m *monkey) { m.Check() }},
	{"check listed", 4, func(m *monkey) { m.CheckListed() }},
	{"check these", 4, func(m *monkey) { m.CheckThese(m.Selection()) }},
	{"fill demo", 8, func(m *monkey) { m.FillDemo() }}, // does nothing outside the demo
	{"conceal", 4, func(m *monkey) { m.Conceal() }},
	{"notice of the store", 4, func(m *monkey) { m.Notice(profile.Notice{Wait: profile.WaitForKeyring}) }},
	{"clear clipboard", 4, func(m *monkey) { m.ClearClipboard() }},
	{"reopen", 3, func(m *monkey) { m.Reopen() }},
}

var monkeyList = []monkeyAction{
	{"open", 0, func(m *monkey) {
		if of, ok := m.row(); ok {
			m.Open(of)
		}
	}},
	{"open", 0, func(m *monkey) {
		if of, ok := m.row(); ok {
			m.Open(of)
		}
	}},
	{"delete selected", 3, func(m *monkey) { m.delete(m.Selection()) }},
	{"delete row", 2, func(m *monkey) {
		if of, ok := m.row(); ok {
			m.delete(m.SelectionWith(of))
		}
	}},
	{"undo", 0, func(m *monkey) { m.Undo() }},
	{"favourite", 3, func(m *monkey) { m.ToggleFavourite() }},
	{"query", 3, func(m *monkey) { m.SetQuery(pick(m, "", "", "port", "name", "zzz")) }},
	{"filter", 3, func(m *monkey) { m.SetFilter(pick(m, All, All, ToFix, Tests)) }},
	{"mark", 2, func(m *monkey) { m.Mark(m.random.IntN(3) > 0, m.random.IntN(3), m.random.IntN(5)) }},
	{"mark only", 4, func(m *monkey) { m.MarkOnly(0, m.random.IntN(2)) }},
	{"mark all", 4, func(m *monkey) { m.MarkAll(m.random.IntN(2) == 0) }},
	{"sort", 4, func(m *monkey) { m.SortBy(pick(m, "", "port", "check")) }},
	{"reload", 3, func(m *monkey) { m.Reload(nil) }},
	{"rebuild", 6, func(m *monkey) { m.Rebuild() }},
	{"save session", 2, func(m *monkey) { m.SaveSession() }},
}

// monkeyDialog is a dialog of the view.
type monkeyDialog struct{ m *monkey }

func (d monkeyDialog) Escape() { d.m.DialogClosed() }

func (m *monkey) openDialog() {
	if !m.asking() && !m.closed {
		m.OpenDialog(monkeyDialog{m})
	}
}

var monkeyPages = []monkeyAction{
	{"escape", 0, func(m *monkey) { m.Escape() }},
	{"cancel", 2, func(m *monkey) { m.Cancel() }},
	{"message", 0, func(m *monkey) { m.Act(m.random.IntN(2)) }},
	{"notice", 2, func(m *monkey) { m.ActOnNotice() }},
	{"home", 0, func(m *monkey) { m.Home() }},
	{"preferences", 3, func(m *monkey) { m.ShowPreferences() }},
	{"troubleshooting", 3, func(m *monkey) { m.ShowTroubleshooting() }},
	{"back", 2, func(m *monkey) { m.Back() }},
	{"dialog", 3, func(m *monkey) {
		if !m.Blocked() {
			m.openDialog()
		}
	}},
	{"test keyring", 5, func(m *monkey) {
		if !m.Blocked() {
			m.openDialog()
			m.TestKeyring(func(string) {}, func(bool) {})
		}
	}},
	{"language", 8, func(m *monkey) { m.ChooseLanguage(pick(m, "en", "fr")) }},
	{"setting", 5, func(m *monkey) { m.ChangeSettings(func(s *settings.Settings) { s.ShowInCaptures = !s.ShowInCaptures }) }},
	{"information", 8, func(m *monkey) { m.Inform("title", "text") }},
	{"foreground", 2, func(m *monkey) { m.OnForeground() }},
	{"quit", 8, func(m *monkey) {
		idle := !m.Blocked() && m.many.Step != Working // else it waits for what runs
		m.Quit()
		if idle && !m.closed && m.question == nil {
			m.fail("Quit does nothing")
		}
	}},
	{"terminate", 40, func(m *monkey) {
		m.mayClose = true
		m.Terminate()
	}},
}

var monkeyWorld = []monkeyAction{
	{"late", 2, func(m *monkey) { m.late = !m.late }},
	{"deliver", 0, func(m *monkey) { m.deliverSome(1) }},
	{"deliver", 0, func(m *monkey) { m.deliverSome(2) }},
	{"deliver all", 2, func(m *monkey) { m.finish() }},
	{"a moment", 0, func(m *monkey) { m.clock.Advance(200 * time.Millisecond) }},
	{"a minute", 3, func(m *monkey) { m.clock.Advance(time.Minute) }},
	{"six minutes", 4, func(m *monkey) { m.clock.Advance(6 * time.Minute) }},
	{"list changed", 2, func(m *monkey) { m.changed() }},
	{"other window edits", 2, func(m *monkey) {
		m.elsewhere(func(ctx context.Context, of profile.Profile) error {
			_, err := m.other.Edit(ctx, of.ID, func(to *profile.Profile, _ *profile.Secrets) error { to.ERP = m.name(); return nil })
			return err
		})
	}},
	{"other window renews", 2, func(m *monkey) {
		m.elsewhere(func(ctx context.Context, of profile.Profile) error {
			_, err := m.other.Edit(ctx, of.ID, func(_ *profile.Profile, s *profile.Secrets) error {
				s.Renew(m.tokenOf(of.PortCode), true, m.clock.Now())
				return nil
			})
			return err
		})
	}},
	{"other window deletes", 4, func(m *monkey) {
		m.elsewhere(func(ctx context.Context, of profile.Profile) error {
			m.gone[of.ID] = true
			_, err := m.other.Delete(ctx, of.ID)
			return err
		})
	}},
	{"other window adds", 4, func(m *monkey) {
		m.elsewhere(nil)
		m.add(pick(m, monkeyPorts...))
	}},
	{"item is replaced by a token", 8, func(m *monkey) {
		m.elsewhere(func(_ context.Context, of profile.Profile) error {
			token := m.tokenOf(of.PortCode)
			m.keep(of.ID, token) // what was there is lost elsewhere
			m.ring.Put(of.ID, token.Reveal())
			m.overwritten[of.ID] = true
			return nil
		})
	}},
	{"item is lost", 8, func(m *monkey) {
		m.elsewhere(func(_ context.Context, of profile.Profile) error {
			m.gone[of.ID] = true
			_ = m.ring.Delete(of.ID)
			return nil
		})
	}},
	{"list is broken", 15, func(m *monkey) {
		m.broken = true
		_ = os.WriteFile(m.listFile(), []byte("{"), 0o600)
	}},
	{"keyring", 0, func(m *monkey) {
		n := m.random.IntN(len(monkeyFaults))
		m.say("%d", n)
		m.misbehave(monkeyFaults[n])
	}},
	{"keyring is well", 0, func(m *monkey) { m.misbehave(profiletest.Faults{}) }},
	{"service", 2, func(m *monkey) {
		m.service.SetQuirks(pick(m, authtest.Quirks{}, authtest.Quirks{NewTokenEachTime: true}, authtest.Quirks{NewTokenEachTime: true, OldTokensWork: true},
			authtest.Quirks{AccountDown: true, NewTokenEachTime: true}, authtest.Quirks{LoginDown: true}, authtest.Quirks{ServerPage: true}, authtest.Quirks{OtherPort: "XYZ", NewTokenEachTime: true}))
	}},
	{"revoke", 5, func(m *monkey) { m.service.Revoke(pick(m, monkeyPorts...)) }},
}

// monkeyFaults are what goes wrong in the keyring.
var monkeyFaults = []profiletest.Faults{
	{Set: errRingLocked, Get: errRingLocked, Delete: errRingLocked, Is: keyring.Locked},
	{Set: errNoRing, Get: errNoRing, Delete: errNoRing, List: errNoRing, Is: keyring.NoService},
	{Set: errNoRing, List: errNoRing, Is: keyring.NoService},
	{LateError: errors.New("no reply")},
	{Silent: true},
	{Panic: true},
	{Set: errors.New("failed")},
	{Delete: errors.New("failed")},
	{Get: errors.New("failed")},
	{Limit: 100},
}

// deliverSome lets some of the work go on.
func (m *monkey) deliverSome(n int) {
	for ; n > 0 && len(m.work) > 0; n-- {
		i := m.random.IntN(len(m.work))
		m.say("%d", i)
		m.deliver(i)
	}
}

// tokenOf makes a token of the other window.
func (m *monkey) tokenOf(port string) authclient.Secret {
	m.ids++
	text := fmt.Sprintf("%s%08dELSEWHEREELSEWHERE", port, m.ids)
	m.ports[text] = port
	return authclient.NewSecret(text)
}

// elsewhere does something to a saved profile from another window, whose keyring works. do may
// be nil.
func (m *monkey) elsewhere(do func(ctx context.Context, of profile.Profile) error) {
	m.outside(func() {
		list, _ := m.other.List()
		profile.ByPort.Sort(list)
		if len(list) == 0 || do == nil {
			return
		}
		of := list[m.random.IntN(len(list))]
		m.say("%s/%s", of.PortCode, of.ID)
		if err := do(m.t.Context(), of); err != nil {
			m.say("%v", err)
		}
	})
}

// outside calls do while the keyring works.
func (m *monkey) outside(do func()) {
	faults := m.ring.Faults
	m.misbehave(profiletest.Faults{})
	m.calls = true
	do()
	m.calls = false
	m.ring.Change(faults)
	m.changed()
}

// add saves a profile from the other window, if there is none of its credential.
func (m *monkey) add(port string) {
	m.outside(func() {
		credential := profile.Profile{Name: "added " + port, Service: m.service.URL, Environment: profile.Production, PortCode: port, ERPID: 15}
		token := m.tokenOf(port)
		_, err := m.other.Put(m.t.Context(), credential, func(_ *profile.Profile, s *profile.Secrets) error {
			if !s.Token.IsZero() {
				return errors.New("it is there")
			}
			s.Token = token
			return nil
		})
		m.say("%s %v", port, err)
	})
}
