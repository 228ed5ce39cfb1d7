package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/internal/atomicfile"
	"amarre/internal/policy"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/profile"
)

// manyOptions are the flags of a command that calls the service for many ports.
type manyOptions struct {
	*request
	pause    time.Duration
	jobs     int
	reportTo string
}

func (o *manyOptions) addFlags(c *cobra.Command) {
	c.Flags().StringVar(&o.reportTo, "report", "", o.texts.T("cli.flag.report"))
	c.Flags().DurationVar(&o.pause, "pause", settings.DefaultPause, o.texts.T("cli.flag.pause", "Default", settings.DefaultPause))
	c.Flags().IntVar(&o.jobs, "jobs", 1, o.texts.T("cli.flag.jobs"))
	complete(c, "report", cobra.ShellCompDirectiveDefault)
}

// maxJobs is the most calls at a time.
const maxJobs = 16

// validate adds to the problems what is wrong with the flags.
func (o *manyOptions) validate() {
	o.problem(o.pause < 0 || o.pause > settings.MaxPause, "cli.error.pause")
	o.problem(o.jobs < 1 || o.jobs > maxJobs, "cli.error.jobs", "Most", maxJobs)
	if o.reportTo == "" {
		return
	}
	if _, known := o.writer(); !known {
		o.problem(true, "cli.error.report")
	} else if err := atomicfile.CheckSaveAs(o.reportTo, true); err != nil {
		o.problems = append(o.problems, o.texts.SaveAs(o.reportTo, err))
	}
}

// writer returns what writes a report in the format of the file's name.
func (o *manyOptions) writer() (write func(bulk.Report, *bytes.Buffer) error, known bool) {
	switch strings.ToLower(filepath.Ext(o.reportTo)) {
	case ".json":
		return func(r bulk.Report, b *bytes.Buffer) error { return r.WriteJSON(b) }, true
	case ".csv":
		return func(r bulk.Report, b *bytes.Buffer) error { return r.WriteCSV(b, o.texts) }, true
	case ".html", ".htm":
		return func(r bulk.Report, b *bytes.Buffer) error { return r.WriteHTML(b, o.texts) }, true
	}
	return nil, false
}

// many is one run over many ports, which prints each as it ends.
type many struct {
	*manyOptions
	store   *profile.Store
	clients *service.Clients
	logins  bool

	mu      sync.Mutex
	calls   *bulk.Run
	printed map[int]bool
	shown   int // the length of what is shown of the progress
	stop    bulk.Stop
}

func newMany(o *manyOptions, store *profile.Store, clients *service.Clients, logins bool) *many {
	return &many{manyOptions: o, store: store, clients: clients, logins: logins, printed: map[int]bool{}}
}

// deps returns the dependencies of the run.
func (m *many) deps() bulk.Deps {
	client := func(address authclient.Address) (*authclient.Client, error) {
		return m.clients.ClientWith(address, m.connection(m.clients, address))
	}
	return bulk.Deps{Store: m.store, Client: client, Pace: bulk.NewPace(m.pause), Jobs: m.jobs, Now: time.Now, Sleep: m.Sleep, Changed: m.changed}
}

// follow does a run, and prints what is left when it has stopped.
func (m *many) follow(ctx context.Context, run *bulk.Run) {
	m.mu.Lock()
	m.calls = run
	m.mu.Unlock()
	m.stop = run.Go(ctx)
	m.mu.Lock()
	m.erase()
	m.mu.Unlock()
	for i := range run.Lines() {
		m.print(i)
	}
	for _, stop := range run.Stops() {
		m.warn(m.texts.Stop(stop, m.logins))
	}
	if m.stop.Reason == bulk.Keyring {
		m.warn(m.texts.Stop(m.stop, m.logins))
	}
	if left := run.Count(bulk.Waiting); left > 0 {
		m.warn(m.texts.N("cli.many.left", left))
	}
	m.setStatus()
}

// changed prints a line once it has ended.
func (m *many) changed(i int) {
	m.mu.Lock()
	run := m.calls
	m.mu.Unlock()
	switch run.Line(i).State {
	case bulk.Waiting, bulk.Running, bulk.NotSaved, bulk.Differs: // those may still change
	default:
		m.print(i)
	}
	m.progress(run)
}

// progress shows on a terminal how far the run is, in place of what it showed before.
func (m *many) progress(run *bulk.Run) {
	if _, ok := terminalOf(m.Stderr); !ok {
		return
	}
	left, about := run.Left()
	all := len(run.Lines())
	text := m.texts.T("cli.many.progress", "Done", all-left, "All", all)
	if about >= time.Second {
		text = m.texts.T("cli.many.progress_left", "Done", all-left, "All", all, "Left", about.Round(time.Second))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.erase()
	m.shown = utf8.RuneCountInString(text)
	fmt.Fprint(m.Stderr, text)
}

// erase removes what is shown of the progress. m.mu is held.
func (m *many) erase() {
	if m.shown > 0 {
		fmt.Fprint(m.Stderr, "\r"+strings.Repeat(" ", m.shown)+"\r")
		m.shown = 0
	}
}

// manyLine is what --json prints of a port: an object a line.
type manyLine struct {
	Name      string             `json:"name"`
	Reference string             `json:"reference"`
	State     bulk.State         `json:"state"`
	Outcome   authclient.Outcome `json:"outcome"`
	Row       int                `json:"row,omitempty"`      // of the list
	PortCode  string             `json:"portCode,omitempty"` // whose token it is
	PortName  string             `json:"portName,omitempty"`
	Token     string             `json:"token,omitempty"` // of login --list, if it is not saved
}

// print prints a line, once.
func (m *many) print(i int) {
	line := m.calls.Line(i)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.printed[i] {
		return
	}
	m.printed[i] = true
	m.erase()
	token := ""
	if m.logins && (line.State == bulk.Obtained || line.State == bulk.NotSaved || line.State == bulk.Differs) {
		token = m.calls.Token(i).Reveal() // else it would be lost
	}
	p := line.Profile
	text := m.texts.T("cli.check.line", "Name", name(p), "Result", m.texts.Line(line))
	if !line.State.IsWell() && line.State != bulk.Waiting { // Stop says why it waits
		m.warn(text)
	}
	switch {
	case m.asJSON:
		m.printJSON(manyLine{name(p), p.Reference(), line.State, outcomeOf(line), line.Row, line.Account.PortCode, line.Account.PortName, token})
	case token != "":
		fmt.Fprintln(m.Stdout, p.Reference()+"\t"+token)
	case line.State.IsWell():
		fmt.Fprintln(m.Stdout, text)
	}
}

func name(p profile.Profile) string {
	if p.Name == "" {
		return p.PortCode
	}
	return p.Name
}

// outcomeOf returns the word for a line in --json.
func outcomeOf(line bulk.Line) authclient.Outcome {
	switch {
	case line.State == bulk.Waiting && line.Outcome == "":
		return outcomeNotChecked
	case line.State == bulk.NoToken || line.State == bulk.NotSaved:
		return outcomeKeyring
	case errors.Is(line.Err, policy.ErrNotAllowed):
		return outcomeNotAllowed
	case line.State == bulk.Same && line.Outcome == "":
		return authclient.OutcomeToken
	}
	return line.Outcome
}

// setStatus sets the exit status: that of a refusal before that of the keyring, of what is not
// allowed, and of what was not verified, which is one of its own if all have the same outcome.
func (m *many) setStatus() {
	worst := ExitOK
	unverified := map[int]bool{}
	rank := map[int]int{ExitRefused: 4, ExitKeyring: 3, ExitUsage: 2}
	take := func(status int) {
		if rank[status] > rank[worst] {
			worst = status
		}
	}
	for _, line := range m.calls.Lines() {
		switch outcome := outcomeOf(line); {
		case line.State == bulk.Refused || line.State == bulk.OtherPort && m.logins:
			take(ExitRefused)
		case outcome == outcomeKeyring || line.State == bulk.Differs:
			take(ExitKeyring)
		case outcome == outcomeNotAllowed:
			take(ExitUsage)
		case line.State == bulk.NotVerified || line.State == bulk.Waiting && outcome != outcomeNotChecked:
			unverified[exitStatus(outcome)] = true
		}
	}
	if worst == ExitOK && len(unverified) == 1 {
		for status := range unverified {
			worst = status
		}
	} else if worst == ExitOK && (len(unverified) > 1 || m.calls.Count(bulk.Waiting) > 0) {
		worst = ExitUnreachable
	}
	m.status = worst
	if m.stop.Reason == bulk.Cancelled {
		m.status = ExitCancelled
	}
}

// report writes the report, if one is wanted.
func (m *many) report(began time.Time) {
	write, known := m.writer()
	if !known {
		return
	}
	report := bulk.NewReport(m.calls.Lines(), began, time.Now(), m.stop, m.texts.Line)
	var content bytes.Buffer
	err := write(report, &content)
	if err == nil {
		err = atomicfile.SaveAs(m.reportTo, content.Bytes(), true)
	}
	if err != nil {
		m.fail(ExitInternal, m.texts.SaveAs(m.reportTo, err))
	}
}
