package presenter

import (
	"context"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/bulk"
	"amarre/internal/keyring"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// paste pastes a list and reads it.
func (h *harness) paste(text string) {
	h.t.Helper()
	h.ManyPorts()
	h.TypeList(authclient.NewSecret(text))
	h.ReadList()
	if m := h.Many(); h.Page() != ManyPorts || m.Step != Reviewing {
		h.t.Fatalf("page %d, step %d, %q", h.Page(), m.Step, m.Problem)
	}
}

// verdicts returns the port codes of the rows and their verdicts, in their order.
func (h *harness) verdicts() string {
	var all []string
	for _, row := range h.Many().Rows {
		all = append(all, row.PortCode+" "+string(row.Verdict))
	}
	return strings.Join(all, ", ")
}

// lines returns the port codes of the lines of the run and their states.
func (h *harness) lines() string {
	var all []string
	for _, line := range h.Many().Lines {
		all = append(all, line.Profile.PortCode+" "+string(line.State))
	}
	return strings.Join(all, ", ")
}

// identity types what is the same for all rows, and gets the tokens.
func (h *harness) obtainMany() {
	h.t.Helper()
	h.TypeIdentity(ERPID, "15")
	h.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
	h.ObtainMany()
}

// TestManyPorts: a list is pasted, judged, obtained and saved; problems come first.
func TestManyPorts(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	h.paste("SET\nAGD\nMTP\nXX\nSET\n")
	if got := h.verdicts(); got != "XX wrong-length, SET no-erp-id, AGD no-erp-id, MTP no-erp-id, SET no-erp-id" {
		t.Errorf("the rows are %s", got)
	}
	h.ObtainMany()
	if h.Many().Problems[ERPID] == "" || h.focused != ToField || h.field != ERPID || h.service.Logins() != 1 {
		t.Fatalf("without an ERP ID: %v, focus on %d", h.Many().Problems, h.field)
	}
	h.TypeIdentity(ERPID, "15")
	h.ObtainMany()
	if h.Many().Problems[Password] == "" || h.field != Password || h.service.Logins() != 1 {
		t.Fatalf("without a password: %v, focus on %d", h.Many().Problems, h.field)
	}
	h.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
	if got := h.verdicts(); got != "XX wrong-length, SET ready, AGD ready, MTP saved, SET duplicate" {
		t.Errorf("the rows are %s", got)
	}
	if ready, toFix, out := h.ManyCounts(); ready != 2 || toFix != 2 || out != 1 {
		t.Errorf("%d, %d, %d", ready, toFix, out)
	}
	h.ObtainMany()
	if got := h.lines(); h.Many().Step != Worked || h.Many().Stop.Reason != bulk.Done || got != "SET saved, AGD saved" {
		t.Fatalf("step %d, %+v, %s", h.Many().Step, h.Many().Stop, got)
	}
	if h.Rows() != 3 || h.inRing(h.listed("AGD")).Token.IsZero() || h.listed("AGD").HasPassword {
		t.Errorf("%d ports", h.Rows())
	}
	h.CloseMany()
	if h.Page() != Overview || h.Many().Step != NoStep || h.Question() != nil {
		t.Errorf("page %d", h.Page())
	}
}

// TestRowsAreCorrected in place, or left out.
func TestRowsAreCorrected(t *testing.T) {
	h := start(t, "en", nil)
	h.paste("XX\nSET\nAGD\n")
	h.TypeIdentity(ERPID, "15")
	h.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
	h.CorrectRow(0, "MTP", "")
	h.LeaveRowOut(1, true)
	if got := h.verdicts(); got != "MTP ready, SET left-out, AGD ready" {
		t.Errorf("the rows are %s", got)
	}
	h.LeaveRowOut(1, false)
	h.CorrectRow(2, "AGD", "x")
	if got := h.verdicts(); got != "MTP ready, SET ready, AGD bad-erp-id" {
		t.Errorf("the rows are %s", got)
	}
	h.BackToList()
	if h.Many().Step != Listing || h.Many().Text.Reveal() != "XX\nSET\nAGD\n" {
		t.Error("the text of the list is lost")
	}
}

// TestListThatIsNone says why, and keeps what was pasted.
func TestListThatIsNone(t *testing.T) {
	h := start(t, "en", nil)
	h.ManyPorts()
	h.TypeList(authclient.NewSecret("a\x00b"))
	h.ReadList()
	if m := h.Many(); m.Step != Listing || !strings.Contains(m.Problem, "Row 1") || m.Text.IsZero() {
		t.Errorf("step %d, %q", m.Step, m.Problem)
	}
	h.ReadListFile(func(context.Context) ([]byte, error) { return nil, context.DeadlineExceeded })
	h.expect("the problem", h.Many().Problem, "many.unreadable")
	h.ReadListFile(func(context.Context) ([]byte, error) { return []byte("Name;Town\nSète;Sète\n"), nil })
	if m := h.Many(); m.Step != Reviewing || m.Problem == "" {
		t.Errorf("without port codes: step %d, %q", m.Step, m.Problem)
	}
	h.SetColumns([]bulk.Column{bulk.PortCode, bulk.Ignored})
	if m := h.Many(); m.Problem != "" || h.verdicts() != "Name wrong-length, Sète wrong-length" {
		t.Errorf("with columns: %q, %s", m.Problem, h.verdicts())
	}
}

// TestOtherServicesAreAllowedByTheUser: an export of a password manager has passwords of other
// sites.
func TestOtherServicesAreAllowedByTheUser(t *testing.T) {
	h := start(t, "en", nil)
	other, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	h.paste("Code port;Adresse\nSET;\nAGD;" + other.URL + "\n")
	h.TypeIdentity(ERPID, "15")
	h.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
	if got := h.verdicts(); got != "AGD other-service, SET ready" || len(h.OtherServices()) != 1 {
		t.Fatalf("the rows are %s, others %v", got, h.OtherServices())
	}
	h.AllowService(h.OtherServices()[0])
	if got := h.verdicts(); got != "AGD ready, SET ready" {
		t.Errorf("the rows are %s", got)
	}
}

// running begins a run over three ports whose work is held: it runs while the test goes on.
func running(t *testing.T) (h *harness, end func()) {
	t.Helper()
	h = start(t, "en", nil)
	h.save("MTP")
	h.paste("SET\nAGD\n")
	h.TypeIdentity(ERPID, "15")
	h.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
	var work func() func()
	run := h.deps.Run
	h.deps.Run = func(w func() func()) { work = w }
	h.ObtainMany()
	h.deps.Run = run
	if h.Many().Step != Working || work == nil {
		t.Fatalf("step %d", h.Many().Step)
	}
	return h, func() { work()() }
}

// TestWindowIsUsedDuringARun: another port is opened and checked, and a notice leads back.
func TestWindowIsUsedDuringARun(t *testing.T) {
	h, end := running(t)
	h.Open(h.listed("MTP"))
	if h.Page() != Reading || h.Credential().State != Saved || h.Blocked() {
		t.Fatalf("page %d", h.Page())
	}
	h.CheckListed() // shows the run
	if h.Page() != ManyPorts || !h.Many().Logins {
		t.Fatalf("page %d", h.Page())
	}
	h.Open(h.listed("MTP"))
	h.Copy()
	end()
	if h.Page() != Reading || h.Credential().Profile.PortCode != "MTP" || h.Many().Step != Worked {
		t.Fatalf("page %d, step %d", h.Page(), h.Many().Step)
	}
	h.ActOnNotice()
	if h.Page() != ManyPorts || h.lines() != "SET saved, AGD saved" {
		t.Errorf("page %d, %s", h.Page(), h.lines())
	}
}

// TestPausedRunContinues with what is left.
func TestPausedRunContinues(t *testing.T) {
	h, end := running(t)
	h.PauseRun()
	end()
	if m := h.Many(); m.Step != Worked || m.Left != 2 || m.Stop.Reason != bulk.Cancelled {
		t.Fatalf("%d left, %+v", m.Left, m.Stop)
	}
	h.ContinueRun()
	if got := h.lines(); got != "SET saved, AGD saved" || h.Many().Left != 0 {
		t.Errorf("the lines are %s", got)
	}
}

// TestQuitDuringARun asks, and ends once the run has stopped.
func TestQuitDuringARun(t *testing.T) {
	h, end := running(t)
	h.Quit()
	h.expectN("the question", h.Question().Text, "many.quit", 2)
	h.answer(1)
	if h.Closed() || h.Many().Step != Working {
		t.Fatal("the default answer quits")
	}
	h.Quit()
	h.answer(0)
	if h.isClosed {
		t.Fatal("it is closed while the run runs")
	}
	end()
	if !h.isClosed || h.service.Logins() != 1 {
		t.Errorf("closed %v, %d logins", h.isClosed, h.service.Logins())
	}
}

// TestTerminateDuringARun waits for the run, which saves what has arrived.
func TestTerminateDuringARun(t *testing.T) {
	h, end := running(t)
	h.Terminate()
	if h.isClosed {
		t.Fatal("it is closed while the run runs")
	}
	end()
	if !h.isClosed {
		t.Error("it is not closed")
	}
}

// TestTokensOfARunAreNotLost: the keyring fails, and what was obtained stays until it is saved
// or the user gives it up.
func TestTokensOfARunAreNotLost(t *testing.T) {
	h := start(t, "en", nil)
	h.paste("SET\nAGD\n")
	h.ring.Change(profiletest.Faults{Set: errRingLocked, Is: keyring.Locked})
	h.obtainMany()
	if got := h.lines(); got != "SET not-saved, AGD waiting" || h.Many().Stop.Reason != bulk.Keyring {
		t.Fatalf("the lines are %s, %+v", got, h.Many().Stop)
	}
	for name, leave := range map[string]func(){"close": h.CloseMany, "quit": h.Quit} {
		leave()
		if h.Question() == nil || !strings.Contains(h.Question().Text, h.Texts().N("many.lost", 1)) {
			t.Fatalf("%s: a token is lost without a question", name)
		}
		h.answer(len(h.Question().Answers) - 1)
	}
	h.Home()
	h.CheckListed() // does not take the place of the run
	h.ManyPorts()
	h.ring.Change(profiletest.Faults{})
	h.ContinueRun()
	if got := h.lines(); got != "SET saved, AGD saved" || h.service.Logins() != 2 {
		t.Errorf("the lines are %s after %d logins", got, h.service.Logins())
	}
}

// TestDecideForAll: tokens that differ from the saved ones wait for one decision.
func TestDecideForAll(t *testing.T) {
	for _, replace := range []bool{false, true} {
		h := start(t, "en", nil)
		old := h.save("SET")
		stored := h.inRing(old).Token
		h.paste("Code port;Jeton\nSET;ANOTHER-TOKEN-0123456789\nAGD;\n")
		h.obtainManyAgain()
		if got := h.lines(); got != "SET differs, AGD saved" {
			t.Fatalf("the lines are %s", got)
		}
		h.DecideMany(replace)
		got := h.inRing(h.listed("SET"))
		if replace && (got.Token.Equal(stored) || !got.Previous.Equal(stored)) || !replace && !got.Token.Equal(stored) {
			t.Errorf("replace %v: %s", replace, h.lines())
		}
		h.CloseMany()
		h.noQuestion()
	}
}

// obtainManyAgain is obtainMany for saved ports too.
func (h *harness) obtainManyAgain() {
	for i := range h.Many().Rows {
		h.AskAgain(i, true)
	}
	h.obtainMany()
}

// TestIdleForgetsAList that has secrets, and keeps one that has none but for the password.
func TestIdleForgetsAList(t *testing.T) {
	h := start(t, "en", nil)
	h.paste("SET\n")
	h.TypeIdentity(ERPID, "15")
	h.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
	h.clock.Advance(idleAfter)
	if m := h.Many(); m.Step != Reviewing || !m.Identity.Password.IsZero() || m.Identity.ERPID != "15" {
		t.Errorf("step %d, ERP ID %q", m.Step, m.Identity.ERPID)
	}
	h.BackToList()
	h.TypeList(authclient.NewSecret("Code port;Mot de passe\nSET;secret\n"))
	h.ReadList()
	h.clock.Advance(idleAfter)
	if m := h.Many(); m.Step != Listing || !m.Text.IsZero() || len(m.Rows) != 0 {
		t.Errorf("step %d, %d rows", m.Step, len(m.Rows))
	}
}

// TestCheckOfManyShowsTheRun, and the check of one port does not.
func TestCheckOfManyShowsTheRun(t *testing.T) {
	h := three(t, "en")
	h.Home()
	h.CheckThese(h.Ports()[:1])
	if h.Page() != Overview || h.CurrentNotice().Text == "" {
		t.Errorf("page %d, notice %q", h.Page(), h.CurrentNotice().Text)
	}
	h.service.Revoke("AGD")
	h.CheckListed()
	if h.Page() != ManyPorts || h.Many().Step != Worked || h.Many().Logins {
		t.Fatalf("page %d, step %d", h.Page(), h.Many().Step)
	}
	if r := h.Report(); r.Counts[bulk.Works] != 2 || r.Ports[0].PortCode != "AGD" || r.Changes[bulk.Broken] != 1 {
		t.Errorf("%+v", r)
	}
	if h.RetryCount() != 1 {
		t.Errorf("%d to be tried again", h.RetryCount())
	}
}

// TestDailyCheck runs at the first start of a day, for those who want it.
func TestDailyCheck(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	again := func(s settings.Settings) int {
		before := h.service.Checks()
		h.restart("en", func(_ *harness, d *Deps) { d.Settings = s })
		return h.service.Checks() - before
	}
	if n := again(settings.Settings{}); n != 0 {
		t.Errorf("%d checks for those who do not want it", n)
	}
	if n := again(settings.Settings{CheckDaily: true}); n != 1 || h.Page() != Overview || h.CurrentNotice().Text == "" {
		t.Errorf("%d checks, page %d", n, h.Page())
	}
	last := h.settings[len(h.settings)-1]
	if last.CheckedOn != "2026-11-23" {
		t.Errorf("checked on %q", last.CheckedOn)
	}
	if n := again(settings.Settings{CheckDaily: true, CheckedOn: "2026-11-23"}); n != 0 {
		t.Errorf("%d checks on the same day", n)
	}
	h.clock.Set(h.clock.Now().Add(24 * time.Hour))
	h.ring.Change(profiletest.Faults{Get: errRingLocked, Is: keyring.Locked})
	if n := again(settings.Settings{CheckDaily: true, CheckedOn: "2026-11-23"}); n != 0 {
		t.Errorf("%d checks while the keyring is locked", n)
	}
	h.ring.Change(profiletest.Faults{})
	before := h.service.Checks()
	h.OnForeground()
	if n := h.service.Checks() - before; n != 1 || h.At(0).Check != profile.Accepted {
		t.Errorf("%d checks once it is unlocked", n)
	}
}

// TestPauseIsTheUsers choice.
func TestPauseIsTheUsers(t *testing.T) {
	h := three(t, "en")
	h.Home()
	h.clock.Set(h.clock.Now().Add(time.Minute))
	h.SetPause(5 * time.Second)
	h.slept = nil
	h.CheckListed()
	if len(h.slept) != 2 || h.slept[0] != 5*time.Second {
		t.Errorf("it slept %v", h.slept)
	}
}

// TestPortWithoutItsTokenIsObtained although it is listed: the program was ended before the
// keyring had the token.
func TestPortWithoutItsTokenIsObtained(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.save("AGD")
	h.Home()
	if err := h.ring.Delete(of.ID); err != nil {
		t.Fatal(err)
	}
	h.paste("SET\nAGD\n")
	h.obtainMany()
	if got := h.lines(); got != "SET saved" || h.inRing(h.listed("SET")).Token.IsZero() {
		t.Errorf("the rows are %s, the lines %s", h.verdicts(), got)
	}
}

// TestEnterRightAfterTyping waits for the verdicts on what was typed.
func TestEnterRightAfterTyping(t *testing.T) {
	h := start(t, "en", nil)
	h.paste("SET\nAGD\n")
	h.hold = true
	h.TypeIdentity(ERPID, "15")
	h.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
	h.ObtainMany()
	if len(h.Many().Problems) != 0 || h.Many().Step != Reviewing {
		t.Errorf("before the verdicts: %v, step %d", h.Many().Problems, h.Many().Step)
	}
	h.release()
	if got := h.lines(); got != "SET saved, AGD saved" {
		t.Errorf("the lines are %q, %v", got, h.Many().Problems)
	}
}

// TestCheckAsksBeforeAListIsLost, and what is left of one.
func TestCheckAsksBeforeAListIsLost(t *testing.T) {
	h, end := running(t)
	h.PauseRun()
	end()
	for _, each := range []struct {
		name  string
		begin func()
	}{
		{"the rest", func() {}},
		{"a list", func() {
			h.CloseMany()
			h.answer(0)
			h.paste("SET\n")
		}},
	} {
		name := each.name
		each.begin()
		h.CheckThese(h.Ports())
		if h.Question() == nil || h.Question().Text != h.Texts().T("many.list_lost") {
			t.Fatalf("%s is lost without a question", name)
		}
		h.answer(1)
		if m := h.Many(); m.Step != Reviewing && m.Left == 0 {
			t.Errorf("%s: step %d, %d left", name, m.Step, m.Left)
		}
	}
	h.CheckListed()
	h.answer(0)
	if h.Many().Logins || h.Many().Step != Worked {
		t.Errorf("step %d", h.Many().Step)
	}
}

// TestEscapeLeavesThePage: a run goes on, and a list is asked about.
func TestEscapeLeavesThePage(t *testing.T) {
	h, end := running(t)
	h.Escape()
	if h.Page() != Overview || h.Many().Step != Working {
		t.Errorf("page %d, step %d", h.Page(), h.Many().Step)
	}
	h.ShowRun()
	end()
	h.Escape()
	if h.Page() != Overview || h.Many().Step != NoStep {
		t.Errorf("page %d, step %d", h.Page(), h.Many().Step)
	}
	h.paste("SET\n")
	h.Escape()
	h.expect("the question", h.Question().Text, "many.list_lost")
	h.answer(1)
	if h.Page() != ManyPorts || h.Many().Step != Reviewing {
		t.Errorf("page %d, step %d", h.Page(), h.Many().Step)
	}
}
