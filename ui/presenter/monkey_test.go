package presenter

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestMonkey does random actions of the user, of another window, of the keyring, of the
// service and of the clock, in a random order, and checks after each that nothing is lost and
// nothing is shown that is false. What runs on other goroutines ends late and in a random
// order.
//
// AMARRE_MONKEY is how long it runs, such as 5m; AMARRE_MONKEY_SEED repeats one run, and
// shows every action of it.
func TestMonkey(t *testing.T) {
	if text := os.Getenv("AMARRE_MONKEY_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		monkeyRun(t, seed)
		return
	}
	last, first := 2500*time.Millisecond, uint64(1)
	if text := os.Getenv("AMARRE_MONKEY"); text != "" {
		var err error
		if last, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
		first = uint64(time.Now().UnixNano())
	}
	seed := first
	for end := time.Now().Add(last); time.Now().Before(end) && !t.Failed(); seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { monkeyRun(t, seed) })
	}
	t.Logf("%d runs from seed %d", seed-first, first)
}

// monkeySteps is the number of actions of a run.
const monkeySteps = 500

func monkeyRun(t *testing.T, seed uint64) {
	m := newMonkey(t, seed)
	for range monkeySteps {
		m.step()
		if m.random.IntN(40) == 0 {
			m.settle()
		}
		if m.closed {
			m.reopen()
		}
	}
	m.settle()
	m.leave()
}

// monkey does random actions, and knows what must hold after them.
type monkey struct {
	*harness
	random *rand.Rand
	seed   uint64
	log    []string // the actions so far

	late    bool     // what runs elsewhere waits in work
	work    []*work  // what has not come back
	posted  []func() // what the work of now asks the window to do
	working bool
	other   *profile.Store
	calls   bool // the other window calls the keyring
	ids     int  // of tokens of the other window

	ports       map[string]string          // the port of every token
	kept        map[string]bool            // tokens that were saved
	saved       map[string]map[string]bool // tokens that an item ever had, by its name
	given       map[string]bool            // tokens that the user agreed to lose
	held        map[string]bool            // tokens that are not saved and must not be lost
	asked       map[string]bool            // profiles whose deletion was asked
	gone        map[string]bool            // profiles that the other window deleted
	overwritten map[string]bool            // another program has put a token in the place of the item, by ID
	known       map[string]bool            // profiles that are or were kept
	wrong       string                     // what a hook of the keyring found

	mayClose bool // the user agreed to lose what closing the window loses
	broken   bool // the list was broken, and is not known to be whole
	before   before
}

// before is what the presenter showed before the action.
type before struct {
	cred     *Credential
	task     *Task
	question *Question
	board    string
	form     Form
	editing  bool // a saved port was being edited
	closed   bool
}

// work runs on another goroutine, and then comes back.
type work struct {
	do   func() func()
	then func()
}

func newMonkey(t *testing.T, seed uint64) *monkey {
	t.Helper()
	m := &monkey{
		random: rand.New(rand.NewPCG(seed, 0)), seed: seed,
		ports: map[string]string{}, kept: map[string]bool{}, saved: map[string]map[string]bool{}, given: map[string]bool{}, held: map[string]bool{},
		asked: map[string]bool{}, gone: map[string]bool{}, overwritten: map[string]bool{}, known: map[string]bool{},
	}
	m.harness = start(t, "en", m.prepare)
	m.misbehave(profiletest.Faults{})
	m.service.SetQuirks(m.quirks())
	m.other = profile.Open(profile.Options{Dir: m.dir, Keyring: m.ring})
	t.Cleanup(m.other.Close)
	return m
}

// quirks are those of a service that works.
func (m *monkey) quirks() authtest.Quirks {
	return authtest.Quirks{NewTokenEachTime: m.seed%2 == 0, OldTokensWork: m.seed%4 == 0}
}

// prepare is for start and restart.
func (m *monkey) prepare(h *harness, d *Deps) {
	m.harness = h
	d.Run, d.Do = m.run, m.post
	if m.seed%5 == 4 {
		d.Clients.Policy.NoPasswords = true
		d.Store = profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring, NoPasswords: true})
	}
	h.t.Cleanup(d.Store.Close)
}

// reopen opens another window after one was closed.
func (m *monkey) reopen() {
	m.log = append(m.log, "reopen")
	m.finish()
	m.mayClose, m.held = false, map[string]bool{}
	m.restart("en", m.prepare)
	m.finish()
}

func (m *monkey) run(do func() func()) {
	if m.late {
		m.work = append(m.work, &work{do: do})
		return
	}
	m.elsewhereDo(do)()
}

// elsewhereDo calls do as another goroutine does. What it asks the window to do comes back
// before the function that it returns.
func (m *monkey) elsewhereDo(do func() func()) (then func()) {
	outer, working := m.posted, m.working
	m.posted, m.working = nil, true
	last := do()
	posted := append(m.posted, last)
	m.posted, m.working = outer, working
	return func() {
		for _, each := range posted {
			each()
		}
	}
}

// post is Deps.Do.
func (m *monkey) post(f func()) {
	if m.working {
		m.posted = append(m.posted, f)
		return
	}
	f()
}

// deliver lets one piece of work go on: it is done, or its answer comes back.
func (m *monkey) deliver(i int) {
	w := m.work[i]
	if w.then == nil {
		w.then = m.elsewhereDo(w.do)
		return
	}
	m.work = slices.Delete(m.work, i, i+1)
	w.then()
}

// finish lets all work end, in a random order.
func (m *monkey) finish() {
	for len(m.work) > 0 {
		m.deliver(m.random.IntN(len(m.work)))
	}
}

// misbehave changes what goes wrong in the keyring, which tells the monkey what it keeps.
func (m *monkey) misbehave(f profiletest.Faults) {
	before := f.Before
	was := "" // the text of the item that is being replaced
	f.Before = func(call, name string) {
		if before != nil {
			before(call, name)
		}
		switch call {
		case "set":
			was = m.ring.Items()[name]
		case "delete":
			if !m.calls && !m.asked[name] && !strings.Contains(name, "selftest") && m.known[name] {
				m.wrong = "it deletes " + name + ", which nobody asked for"
			}
		}
	}
	f.Alter = func(text string) string {
		to, secrets, err := profile.DecodeItem(text)
		if err != nil {
			return text
		}
		m.keep(to.ID, secrets.Token)
		m.kept[secrets.Previous.Reveal()] = true
		if _, old, err := profile.DecodeItem(was); err == nil && !m.calls && !old.Token.Equal(secrets.Token) && !old.Token.Equal(secrets.Previous) {
			m.wrong = "it replaces the token of " + to.PortCode + " and does not keep it as the previous one"
		}
		return text
	}
	m.ring.Change(f)
}

// keep notes that a profile is kept with a token.
func (m *monkey) keep(id string, token authclient.Secret) {
	m.known[id], m.kept[token.Reveal()] = true, true
	if m.saved[id] == nil {
		m.saved[id] = map[string]bool{}
	}
	m.saved[id][token.Reveal()] = true
	delete(m.gone, id)
}

// step does one random action, and checks what must hold.
func (m *monkey) step() {
	m.remember()
	switch soon := m.random.IntN(3) == 0; {
	case m.question != nil && soon:
		m.log = append(m.log, "answer")
		m.answerWith(m.random.IntN(len(m.question.Answers)+1) - 1)
	case m.dialog != nil && soon:
		m.log = append(m.log, "escape")
		m.Escape()
	case m.cred != nil && m.cred.State == Differs && soon:
		m.decide()
	case m.notice.Action.Do != nil && m.random.IntN(8) == 0:
		m.log = append(m.log, "notice")
		m.ActOnNotice()
	case len(m.work) > 0 && soon:
		m.log = append(m.log, "deliver")
		m.deliverSome(2)
	default:
		m.act()
	}
	m.say(m.String())
	m.draw()
	m.check()
}

// draw reads what the view draws.
func (m *monkey) draw() {
	for row := range m.Rows() {
		each := m.At(row)
		m.FoundIn(each.Name)
		m.WhyFound(each)
		m.RowOf(each.ID)
	}
	m.Clipboard()
	m.OnBoard()
	m.OpenName()
	m.Address()
	m.Services()
	m.ERPs()
	m.Welcoming()
	m.Counts()
}

// act does one of the actions.
func (m *monkey) act() {
	for {
		a := monkeyActions[m.random.IntN(len(monkeyActions))]
		if a.rare > 0 && m.random.IntN(a.rare) > 0 {
			continue
		}
		m.log = append(m.log, a.name)
		a.do(m)
		return
	}
}

// say adds to the last action in the log.
func (m *monkey) say(format string, args ...any) {
	m.log[len(m.log)-1] += fmt.Sprintf(" "+format, args...)
}

// String is what the presenter shows.
func (m *monkey) String() string {
	text := fmt.Sprintf("-> page %d form %d", m.page, m.form.Mode)
	if c := m.cred; c != nil {
		text += fmt.Sprintf(" open %s/%s state %d token %.6s", c.Profile.PortCode, c.Profile.ID, c.State, c.Secrets.Token.Reveal())
	}
	if m.task != nil {
		text += " task " + m.task.Text
	}
	if m.question != nil {
		text += " question " + m.question.Title
	}
	if m.message.Text != "" {
		text += " message " + m.message.Text
	}
	return text
}

func (m *monkey) remember() {
	m.before = before{m.cred, m.task, m.question, m.board.text, m.form, m.under() == Editing && m.form.Mode == EditPort && m.form.edited(), m.closed}
}

// fail says what is wrong, and how to repeat it.
func (m *monkey) fail(format string, args ...any) {
	m.t.Helper()
	last := m.log[max(0, len(m.log)-40):]
	if os.Getenv("AMARRE_MONKEY_SEED") != "" {
		last = m.log
	}
	m.t.Fatalf("%s\nAMARRE_MONKEY_SEED=%d, after %d actions, of which the last:\n%s",
		fmt.Sprintf(format, args...), m.seed, len(m.log), strings.Join(last, "\n"))
}

// settle lets everything end, and checks what must hold then.
func (m *monkey) settle() {
	m.remember()
	m.log = append(m.log, "settle")
	m.late = false
	m.misbehave(profiletest.Faults{})
	m.service.SetQuirks(m.quirks())
	for range 3 {
		m.finish()
		if m.asking() {
			m.say("escape")
			m.Escape()
		}
		m.clock.Advance(time.Second)
	}
	m.say(m.String())
	m.check()
	switch {
	case m.closed:
		return
	case m.task != nil:
		m.fail("the task %q does not end", m.task.Text)
	case m.ending != stays:
		m.fail("it was asked to quit, and does not")
	case len(m.list.after) > 0:
		m.fail("%d functions wait for a list that was read", len(m.list.after))
	}
	m.checkKept()
}

// leave quits, which must be possible.
func (m *monkey) leave() {
	for range 5 {
		m.remember()
		m.log = append(m.log, "quit at the end")
		if m.question != nil {
			m.answerWith(0)
		} else if m.dialog != nil {
			m.Escape()
		} else {
			m.Quit()
		}
		m.finish()
		m.say(m.String())
		m.check()
		if m.closed {
			if !m.isClosed || !m.viewGone || m.ports[m.board.text] != "" {
				m.fail("the window is closed, and something is left")
			}
			return
		}
	}
	m.fail("it cannot be closed")
}

// list file of the store, which the monkey breaks.
func (m *monkey) listFile() string { return filepath.Join(m.dir, "profiles.json") }
