package bulk_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/profile"
)

// TestObtain saves a token for each row, named by the service unless the list has a name, and
// leaves out what is saved already.
func TestObtain(t *testing.T) {
	h := newHarness(t)
	h.save("MRS")
	rows := h.rows("Code port;Nom\nSET;\nAGD;Cap d’Agde\nMRS;Vieux-Port\nXX;\n")
	h.run(bulk.Obtain(h.deps, rows), bulk.Done, "SET saved, AGD saved")
	list, err := h.store.List()
	if err != nil || len(list) != 3 {
		t.Fatalf("%d profiles, %v", len(list), err)
	}
	for _, want := range []struct{ port, name string }{{"SET", "Port SET"}, {"AGD", "Cap d’Agde"}} {
		i := slices.IndexFunc(list, func(p profile.Profile) bool { return p.PortCode == want.port })
		if i < 0 || list[i].Name != want.name || list[i].Check != profile.Accepted || list[i].HasPassword || h.token(want.port) != tokenOf(want.port) {
			t.Errorf("%s: %+v", want.port, list[i])
		}
	}
	if h.service.count("login") != 2 || h.service.count("account") != 2 {
		t.Errorf("the calls were %q", h.service.calls)
	}
	if want := []time.Duration{time.Second, time.Second, time.Second}; !slices.Equal(h.slept, want) {
		t.Errorf("it slept %v", h.slept)
	}
}

// TestSecondRunDoesTheRest: what is saved is never obtained again.
func TestSecondRunDoesTheRest(t *testing.T) {
	h := newHarness(t)
	const list = "SET\nAGD\nMTP\n"
	ctx, cancel := context.WithCancel(t.Context())
	h.service.login["AGD"] = func(w http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
	run := bulk.Obtain(h.deps, h.rows(list))
	if stop := run.Go(ctx); stop.Reason != bulk.Cancelled {
		t.Errorf("it stopped for %q", stop.Reason)
	}
	if got := states(run); got != "SET saved, AGD waiting, MTP waiting" {
		t.Errorf("the lines are %s", got)
	}
	delete(h.service.login, "AGD")
	h.run(bulk.Obtain(h.deps, h.rows(list)), bulk.Done, "AGD saved, MTP saved") // in another process
	h.run(run, bulk.Done, "SET saved, AGD same, MTP same")
	if h.service.count("login SET") != 1 {
		t.Errorf("the calls were %q", h.service.calls)
	}
}

// TestTokenThatHasArrivedIsSaved, also when the user cancels at that moment.
func TestTokenThatHasArrivedIsSaved(t *testing.T) {
	h := newHarness(t)
	ctx, cancel := context.WithCancel(t.Context())
	now := h.deps.Now
	h.deps.Now = func() time.Time { // is called as soon as a call has ended
		if h.service.count("login SET") > 0 {
			cancel()
		}
		return now()
	}
	run := bulk.Obtain(h.deps, h.rows("SET\nAGD\n"))
	run.Go(ctx)
	if got := states(run); got != "SET saved, AGD waiting" || h.token("SET") != tokenOf("SET") {
		t.Errorf("the lines are %s", got)
	}
}

// TestKeyringThatFails keeps the token and stops the run, which continues with saving it.
func TestKeyringThatFails(t *testing.T) {
	h := newHarness(t)
	h.ring.Faults.Set = errLocked
	run := bulk.Obtain(h.deps, h.rows("SET\nAGD\n"))
	stop := h.run(run, bulk.Keyring, "SET not-saved, AGD waiting")
	if stop.Err == nil || run.Unsaved() != 1 {
		t.Errorf("%d unsaved, %v", run.Unsaved(), stop.Err)
	}
	h.ring.Faults.Set = nil
	h.run(run, bulk.Done, "SET saved, AGD saved")
	if h.service.count("login SET") != 1 || h.token("SET") != tokenOf("SET") || run.Unsaved() != 0 {
		t.Errorf("the calls were %q", h.service.calls)
	}
}

// TestTokenOfTheListIsTaken without a login.
func TestTokenOfTheListIsTaken(t *testing.T) {
	h := newHarness(t)
	h.run(bulk.Obtain(h.deps, h.rows("Code port;Jeton\nSET;"+tokenOf("SET")+"\nAGD;"+tokenOf("MTP")+"\nMTP;WRONG-TOKEN\n")), bulk.Done,
		"SET saved, AGD other-port, MTP refused")
	if h.service.count("login") != 0 || h.token("SET") != tokenOf("SET") || h.token("AGD") != tokenOf("MTP") {
		t.Errorf("the calls were %q", h.service.calls)
	}
}

// TestSavedTokenIsNotReplaced without an answer, which is one for all.
func TestSavedTokenIsNotReplaced(t *testing.T) {
	for _, replace := range []bool{false, true} {
		h := newHarness(t)
		h.save("SET", "CANARI-JETON-SET-OLD")
		h.save("AGD", "CANARI-JETON-AGD-OLD")
		h.save("MTP")
		rows := h.rows("SET\nAGD\nMTP\nLCT\n")
		for i := range rows {
			if rows[i].Verdict != bulk.AlreadySaved {
				continue
			}
			rows[i].Again = true
		}
		run := bulk.Obtain(h.deps, rows)
		h.run(run, bulk.Done, "SET differs, AGD differs, MTP same, LCT saved")
		if h.token("SET") != "CANARI-JETON-SET-OLD" || run.Unsaved() != 2 {
			t.Errorf("the saved token was replaced; %d unsaved", run.Unsaved())
		}
		if replace { // another program has replaced one of them meanwhile
			h.save("AGD", "CANARI-JETON-AGD-THIRD")
		}
		err := run.Decide(t.Context(), replace)
		want, token := "SET kept, AGD kept, MTP same, LCT saved", "CANARI-JETON-SET-OLD"
		if replace {
			want, token = "SET saved, AGD differs, MTP same, LCT saved", tokenOf("SET")
		}
		if got := states(run); got != want || h.token("SET") != token || (err != nil) != replace {
			t.Errorf("replace %v: the lines are %s, %v", replace, got, err)
		}
	}
}

// TestCheck asks for each token, never logs in, and keeps the verdicts.
func TestCheck(t *testing.T) {
	h := newHarness(t)
	all := []profile.Profile{h.save("SET"), h.save("AGD", "WRONG"), h.save("MTP", tokenOf("LCT")), h.save("LCT"), h.save("CAN")}
	h.service.account["LCT"] = func(w http.ResponseWriter, r *http.Request) {
		if len(h.service.calls) == 4 {
			status(500)(w, r)
			return
		}
		_, _ = w.Write([]byte(`{"status":200,"msg":"ok","data":{"portCode":"LCT","portName":"La Ciotat"}}`))
	}
	run := bulk.Check(h.deps, all)
	h.run(run, bulk.Done, "SET works, AGD refused, MTP other-port, LCT not-verified, CAN works")
	list, _ := h.store.List()
	checks := map[string]profile.Verdict{}
	for _, p := range list {
		checks[p.PortCode] = p.Check
	}
	if checks["SET"] != profile.Accepted || checks["AGD"] != profile.Refused || checks["MTP"] != profile.OtherPort || checks["LCT"] != "" {
		t.Errorf("the list says %v", checks)
	}
	if h.service.count("login") != 0 || h.service.together > 1 {
		t.Errorf("the calls were %q", h.service.calls)
	}
	run.Again(bulk.NotVerified)
	h.run(run, bulk.Done, "SET works, AGD refused, MTP other-port, LCT works, CAN works")
	if h.service.count("account") != 6 {
		t.Errorf("the calls were %q", h.service.calls)
	}
}

// TestStops: a run stops for what the service says, and continues with the rest.
func TestStops(t *testing.T) {
	const ports = "P01\nP02\nP03\nP04\nP05\nP06\nP07\n"
	for name, c := range map[string]struct {
		answers map[string]http.HandlerFunc
		reason  bulk.Reason
		status  int
		states  string
		wait    time.Duration // before the first call that continues
		after   string
	}{
		"five refusals in a row": {
			map[string]http.HandlerFunc{"P02": status(401), "P03": status(401), "P04": status(401), "P05": status(401), "P06": status(401)},
			bulk.Refusals, 401, "P01 saved, P02 refused, P03 refused, P04 refused, P05 refused, P06 refused, P07 waiting", 0,
			"P01 saved, P02 refused, P03 refused, P04 refused, P05 refused, P06 refused, P07 saved",
		},
		"refusals that are not in a row": {
			map[string]http.HandlerFunc{"P01": status(401), "P02": status(401), "P03": status(401), "P04": status(401), "P06": status(401)},
			bulk.Done, 0, "P01 refused, P02 refused, P03 refused, P04 refused, P05 saved, P06 refused, P07 saved", 0, "",
		},
		"forbidden": {map[string]http.HandlerFunc{"P02": status(403)}, bulk.Forbidden, 403,
			"P01 saved, P02 not-verified, P03 waiting, P04 waiting, P05 waiting, P06 waiting, P07 waiting", time.Second,
			"P01 saved, P02 not-verified, P03 saved, P04 saved, P05 saved, P06 saved, P07 saved"},
		"locked": {map[string]http.HandlerFunc{"P01": status(423)}, bulk.Locked, 423,
			"P01 not-verified, P02 waiting, P03 waiting, P04 waiting, P05 waiting, P06 waiting, P07 waiting", time.Second,
			"P01 not-verified, P02 saved, P03 saved, P04 saved, P05 saved, P06 saved, P07 saved"},
		"too many": {map[string]http.HandlerFunc{"P02": once("P02", status(429))}, bulk.TooMany, 429,
			"P01 saved, P02 waiting, P03 waiting, P04 waiting, P05 waiting, P06 waiting, P07 waiting", time.Minute,
			"P01 saved, P02 saved, P03 saved, P04 saved, P05 saved, P06 saved, P07 saved"},
		"Retry-After": {map[string]http.HandlerFunc{"P01": once("P01", status(503, "Retry-After: 90"))}, bulk.TooMany, 503,
			"P01 waiting, P02 waiting, P03 waiting, P04 waiting, P05 waiting, P06 waiting, P07 waiting", 90 * time.Second,
			"P01 saved, P02 saved, P03 saved, P04 saved, P05 saved, P06 saved, P07 saved"},
		"three without an answer": {map[string]http.HandlerFunc{"P01": status(500), "P02": hangUp, "P03": status(500), "P04": status(500), "P05": status(500)}, bulk.Silent, 500,
			"P01 not-verified, P02 not-verified, P03 not-verified, P04 not-verified, P05 not-verified, P06 waiting, P07 waiting", time.Second,
			"P01 not-verified, P02 not-verified, P03 not-verified, P04 not-verified, P05 not-verified, P06 saved, P07 saved"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.service.login = c.answers
			run := bulk.Obtain(h.deps, h.rows(ports))
			stop := h.run(run, c.reason, c.states)
			if stop.Status != c.status {
				t.Errorf("status %d, want %d", stop.Status, c.status)
			}
			if c.after == "" {
				return
			}
			h.slept = nil
			h.run(run, bulk.Done, c.after)
			if c.wait > 0 && h.slept[0] != c.wait {
				t.Errorf("it continues after %v, want %v", h.slept[0], c.wait)
			}
		})
	}
}

// once answers the first call for a port in some way, and the others as the service does.
func once(port string, first http.HandlerFunc) http.HandlerFunc {
	called := false
	return func(w http.ResponseWriter, r *http.Request) {
		if called {
			_, _ = w.Write([]byte(`{"status":200,"msg":"ok","data":{"token":"` + tokenOf(port) + `"}}`))
			return
		}
		called = true
		first(w, r)
	}
}

// hangUp ends the connection without an answer.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// TestNameIsNotNeeded: a service that gives tokens and no names does not stop the run.
func TestNameIsNotNeeded(t *testing.T) {
	h := newHarness(t)
	for _, port := range []string{"P01", "P02", "P03", "P04"} {
		h.service.account[port] = status(500)
	}
	run := bulk.Obtain(h.deps, h.rows("P01\nP02\nP03\nP04\n"))
	h.run(run, bulk.Done, "P01 saved, P02 saved, P03 saved, P04 saved")
	if run.Line(0).Outcome != authclient.OutcomeServiceError {
		t.Errorf("the outcome is %q", run.Line(0).Outcome)
	}
}

// TestPause lets the call that runs end, and begins no other.
func TestPause(t *testing.T) {
	h := newHarness(t)
	var run *bulk.Run
	h.service.account["SET"] = func(w http.ResponseWriter, _ *http.Request) {
		run.Pause()
		_, _ = w.Write([]byte(`{"status":200,"msg":"ok","data":{"portCode":"SET","portName":"Port de Sète"}}`))
	}
	run = bulk.Check(h.deps, []profile.Profile{h.save("SET"), h.save("AGD")})
	h.run(run, bulk.Cancelled, "SET works, AGD waiting")
	if left, about := run.Left(); left != 1 || about < 0 {
		t.Errorf("%d left, about %v", left, about)
	}
	h.run(run, bulk.Done, "SET works, AGD works")
}

// TestStopDuringTheWait: what stops a run while another call waits for its turn stops that
// call too.
func TestStopDuringTheWait(t *testing.T) {
	h := newHarness(t)
	var run *bulk.Run
	sleep := h.deps.Sleep
	h.deps.Sleep = func(ctx context.Context, d time.Duration) {
		if d > 0 {
			run.Pause()
		}
		sleep(ctx, d)
	}
	run = bulk.Check(h.deps, []profile.Profile{h.save("SET"), h.save("AGD")})
	h.run(run, bulk.Cancelled, "SET works, AGD waiting")
	if h.service.count("account") != 1 {
		t.Errorf("the calls were %q", h.service.calls)
	}
}

// TestSleepOfTheComputer is no failure of the service: such a check is done again, and such a
// login, which may have been sent, is not.
func TestSleepOfTheComputer(t *testing.T) {
	h := newHarness(t)
	asleep := func(w http.ResponseWriter, r *http.Request) { h.later(time.Hour); hangUp(w, r) }
	for _, port := range []string{"P01", "P02", "P03", "P04"} {
		first := true
		h.service.account[port] = func(w http.ResponseWriter, r *http.Request) {
			if first {
				first = false
				asleep(w, r)
			}
			_, _ = w.Write([]byte(`{"status":200,"msg":"ok","data":{"portCode":"` + port + `","portName":""}}`))
		}
		h.service.login[port] = asleep
	}
	h.run(bulk.Check(h.deps, []profile.Profile{h.save("P01"), h.save("P02"), h.save("P03"), h.save("P04")}), bulk.Done, "P01 works, P02 works, P03 works, P04 works")
	if h.service.count("account") != 8 {
		t.Errorf("the calls were %q", h.service.calls)
	}
	other := newHarness(t)
	other.service.login = h.service.login
	other.deps.Now = h.deps.Now
	other.run(bulk.Obtain(other.deps, other.rows("P01\nP02\nP03\nP04\n")), bulk.Done, "P01 not-verified, P02 not-verified, P03 not-verified, P04 not-verified")
	if other.service.count("login") != 4 {
		t.Errorf("the calls were %q", other.service.calls)
	}
}

// TestKeyringIsAskedOnce: a locked keyring stops a check at the first profile, and an item
// that is missing does not.
func TestKeyringIsAskedOnce(t *testing.T) {
	h := newHarness(t)
	all := []profile.Profile{h.save("SET"), h.save("AGD"), h.save("MTP")}
	h.ring.Faults.Get = errLocked
	run := bulk.Check(h.deps, all)
	h.run(run, bulk.Keyring, "SET no-token, AGD waiting, MTP waiting")
	h.ring.Faults.Get = nil
	if err := h.ring.Delete(all[1].ID); err != nil {
		t.Fatal(err)
	}
	run.Again(bulk.NoToken)
	h.run(run, bulk.Done, "SET works, AGD no-token, MTP works")
}

// TestServiceThatIsNotAllowed is not called.
func TestServiceThatIsNotAllowed(t *testing.T) {
	h := newHarness(t)
	h.deps.Client = func(authclient.Address) (*authclient.Client, error) { return nil, http.ErrNotSupported }
	h.run(bulk.Check(h.deps, []profile.Profile{h.save("SET")}), bulk.Done, "SET not-verified")
	if h.service.count("") != 0 {
		t.Errorf("the calls were %q", h.service.calls)
	}
}

// TestOtherHostsAreStillCalled after one has said to stop.
func TestOtherHostsAreStillCalled(t *testing.T) {
	h := newHarness(t)
	h.service.account["P01"] = status(423)
	all := []profile.Profile{h.save("P01"), {}, h.save("P03")}
	usual := h.service.URL
	h.service.URL = strings.Replace(usual, "127.0.0.1", "localhost", 1)
	all[1] = h.save("P02")
	run := bulk.Check(h.deps, all)
	stop := h.run(run, bulk.Locked, "P01 not-verified, P02 works, P03 waiting")
	if stops := run.Stops(); len(stops) != 1 || stops[0] != stop || stop.Host != all[0].Host() {
		t.Errorf("%+v", stops)
	}
}

// TestWithoutAStore: what was obtained is handed over, and nothing is saved.
func TestWithoutAStore(t *testing.T) {
	h := newHarness(t)
	h.deps.Store = nil
	run := bulk.Obtain(h.deps, h.rows("SET\nAGD\n"))
	h.run(run, bulk.Done, "SET obtained, AGD obtained")
	if run.Token(0).Reveal() != tokenOf("SET") || h.service.count("account") != 0 {
		t.Errorf("the calls were %q", h.service.calls)
	}
}

// TestLineThatCannotBeSaved is tried once, and does not stop the others: its name holds the
// token, which the service has just given.
func TestLineThatCannotBeSaved(t *testing.T) {
	h := newHarness(t)
	rows := h.rows("Code port;Nom\nSET;Port " + tokenOf("SET") + "\nAGD;\n")
	run := bulk.Obtain(h.deps, rows)
	h.run(run, bulk.Done, "SET not-saved, AGD saved")
	h.run(run, bulk.Done, "SET not-saved, AGD saved")
	if h.service.count("login") != 2 || run.Unsaved() != 1 {
		t.Errorf("the calls were %q", h.service.calls)
	}
}

// TestReplaceIsAtOnce: what the user has decided before does not wait for the end of the list,
// when the program may have been ended; the token before is kept.
func TestReplaceIsAtOnce(t *testing.T) {
	h := newHarness(t)
	old := h.save("SET", "CANARI-JETON-SET-OLD")
	h.save("AGD", "CANARI-JETON-AGD-OLD")
	h.deps.Replace = true
	rows := h.rows("SET\nAGD\n")
	for i := range rows {
		rows[i].Again = true
	}
	run := bulk.Obtain(h.deps, rows)
	h.service.login["AGD"] = func(w http.ResponseWriter, r *http.Request) {
		if h.token("SET") != tokenOf("SET") {
			t.Error("the new token waits")
		}
		status(401)(w, r)
	}
	h.run(run, bulk.Done, "SET saved, AGD refused")
	secrets, err := h.store.Load(t.Context(), run.Line(0).Profile)
	if err != nil || secrets.Previous.Reveal() != "CANARI-JETON-SET-OLD" || run.Line(0).Profile.ID != old.ID {
		t.Errorf("the token before is not kept: %v", err)
	}
}
