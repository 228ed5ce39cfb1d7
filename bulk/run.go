package bulk

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
)

// State is how far a row is.
type State string

// The states.
const (
	Waiting     State = "waiting"
	Running     State = "running"
	Works       State = "works"        // checked: the service accepts the token
	OtherPort   State = "other-port"   // checked: it is the token of another port
	Obtained    State = "obtained"     // there is a new token, and no store to save it in
	Saved       State = "saved"        // a new token is in the keyring
	Same        State = "same"         // the token that was obtained is the saved one
	Differs     State = "differs"      // another token is saved: see Run.Decide
	Kept        State = "kept"         // by a decision the saved token was kept
	NotSaved    State = "not-saved"    // there is a token, and the keyring did not take it
	NoToken     State = "no-token"     // the keyring did not give the token
	Refused     State = "refused"      // by the service
	NotVerified State = "not-verified" // no answer about the credential: see Line.Outcome
)

// States returns all states, in the order in which a report has them.
func States() []State {
	return []State{Refused, OtherPort, Differs, NotSaved, NoToken, NotVerified, Running, Works, Saved, Same, Obtained, Kept, Waiting}
}

// Line is a row of a run and its outcome. It has no field for a secret.
type Line struct {
	Row     int             // of the list, from 1; 0 for a saved profile that is checked
	Profile profile.Profile // as it was before
	State   State
	Before  profile.Verdict    // what was known of the token before
	Outcome authclient.Outcome // of the call, once there was one
	Err     error              // of NotVerified, Refused, NotSaved and NoToken; its text has no secret
	Account authclient.Account // whose token it is, if the service said so
	Ended   time.Time          // when the outcome was known
	Asleep  bool               // the computer slept during the call
}

// IsWell reports whether a state needs nobody's attention.
func (s State) IsWell() bool {
	switch s {
	case Works, Saved, Same, Obtained, Kept:
		return true
	}
	return false
}

// Renamed reports whether the service calls the port of a token that works by another name
// than the profile.
func (line Line) Renamed() bool {
	name := line.Account.PortName
	return line.State == Works && name != "" && profile.Fold(name) != profile.Fold(line.Profile.Name)
}

// Reason is why a run stopped.
type Reason string

// The reasons.
const (
	Done      Reason = "done"
	Cancelled Reason = "cancelled" // the context has ended, or Pause was called
	Refusals  Reason = "refusals"  // maxRefusals in a row
	Forbidden Reason = "forbidden" // HTTP 403: the service does not want this
	Locked    Reason = "locked"    // HTTP 423
	TooMany   Reason = "too-many"  // HTTP 429, or an answer with Retry-After
	Silent    Reason = "silent"    // maxSilent rows in a row were not verified, for one reason
	Keyring   Reason = "keyring"   // it gives or takes no secrets
)

// Stop is why and where a run stopped. Run.Go continues it. What a service says is a reason to
// leave that host alone; the lines of others are done.
type Stop struct {
	Reason Reason
	Host   string    // of the service whose answer it was, or ""
	Status int       // of that answer, or 0
	Until  time.Time // for TooMany: when the service may be called again
	Err    error     // for Keyring and Silent
}

// When a run stops (docs/security.md 27).
const (
	maxRefusals = 5
	maxSilent   = 3
	busyPause   = time.Minute // after 429 without Retry-After

	httpForbidden, httpLocked, httpTooMany = 403, 423, 429
)

// Deps are what a run needs. Every field is required, but Jobs, Replace and Changed, and Store
// for Obtain: without one nothing is saved, and Token gives what was obtained.
type Deps struct {
	Store *profile.Store
	// Client returns a client of the service at an address: see service.Clients.
	Client func(address authclient.Address) (*authclient.Client, error)
	Pace   *Pace
	Jobs   int // calls at a time; 0 means 1
	Now    func() time.Time
	// Replace is set if the user has decided that new tokens take the place of saved ones,
	// for rows that are asked for again. Else they wait for Run.Decide.
	Replace bool
	// Sleep waits for d, or until ctx ends.
	Sleep func(ctx context.Context, d time.Duration)
	// Changed is called after each change of a line, on any goroutine.
	Changed func(index int)
}

// Run is many calls: see [Obtain] and [Check]. Go is called by one goroutine at a time, the
// other methods by any.
type Run struct {
	deps Deps
	work func(ctx context.Context, i int) // does line i, and ends it by finish

	mu       sync.Mutex
	clients  map[authclient.Address]*authclient.Client
	lines    []Line
	jobs     []job // of Obtain, for each line
	stop     *Stop // why the whole run is to stop
	running  bool
	verdicts []profile.Checked // that are not written yet
	kept     time.Time         // when they were written last
	hosts    map[string]*answers
	tried    map[int]bool // by this call of Go
	began    time.Time
	worked   time.Duration // before began
	ended    int           // lines that ended since the run began first
}

// answers are what a host has answered lately.
type answers struct {
	refusals int // in a row
	silent   int // calls in a row that gave no verdict, for the reason that follows
	why      authclient.Outcome
	stop     *Stop // the host is called no more
}

// job is the part of a line that nobody is shown.
type job struct {
	row    Reviewed
	token  authclient.Secret // once it was obtained
	stored authclient.Secret // for Differs: the saved token
}

func newRun(deps Deps, n int) *Run {
	return &Run{deps: deps, lines: make([]Line, n), clients: map[authclient.Address]*authclient.Client{}, hosts: map[string]*answers{}}
}

// Lines returns the lines.
func (r *Run) Lines() []Line {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Line(nil), r.lines...)
}

// Line returns a line.
func (r *Run) Line(i int) Line {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines[i]
}

// Count returns how many lines are in a state.
func (r *Run) Count(state State) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines {
		if line.State == state {
			n++
		}
	}
	return n
}

// Left returns how many lines Go would still do, and about how long that takes; 0 if that is
// not known yet.
func (r *Run) Left() (lines int, about time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines {
		if line.State == Waiting || line.State == Running || line.State == NotSaved {
			lines++
		}
	}
	worked := r.worked
	if r.running {
		worked += r.deps.Now().Sub(r.began)
	}
	if r.ended == 0 {
		return lines, 0
	}
	return lines, worked / time.Duration(r.ended) * time.Duration(lines)
}

// Pause makes Go return once the calls that run have ended; if Go was not called yet, at once.
func (r *Run) Pause() { r.halt(Stop{Reason: Cancelled}) }

// halt stops the run, unless it has stopped.
func (r *Run) halt(stop Stop) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop == nil {
		r.stop = &stop
	}
}

// Again makes lines in given states wait again. Go does them.
func (r *Run) Again(states ...State) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.lines {
		for _, state := range states {
			if r.lines[i].State == state {
				r.lines[i].State, r.lines[i].Err, r.lines[i].Outcome = Waiting, nil, ""
			}
		}
	}
}

// Go does what is left, each line once, first what could not be saved. It returns then, after
// Pause, when ctx ends, or when the service or the keyring gives a reason to stop: see
// [Reason]. Called again, it does what is still left. A call that ctx has cut off is as if it
// had not begun; a token that has arrived is saved all the same.
func (r *Run) Go(ctx context.Context) Stop {
	r.mu.Lock()
	r.running, r.hosts, r.tried, r.began = true, map[string]*answers{}, map[int]bool{}, r.deps.Now()
	r.mu.Unlock()

	var workers errgroup.Group
	for range max(1, r.deps.Jobs) {
		workers.Go(func() error {
			for {
				i, ok := r.next(ctx)
				if !ok {
					return nil
				}
				r.changed(i)
				r.work(ctx, i)
				r.changed(i)
			}
		})
	}
	_ = workers.Wait() // no worker returns an error
	r.flush(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.worked += r.deps.Now().Sub(r.began)
	r.running = false
	switch stops := r.stopped(); {
	case r.stop != nil:
		stop := *r.stop
		r.stop = nil
		return stop
	case ctx.Err() != nil:
		return Stop{Reason: Cancelled}
	case len(stops) > 0:
		return stops[0]
	}
	return Stop{Reason: Done}
}

// Stops returns where the run stopped because of a service, by host.
func (r *Run) Stops() []Stop {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped()
}

func (r *Run) stopped() (stops []Stop) {
	for _, name := range slices.Sorted(maps.Keys(r.hosts)) {
		if stop := r.hosts[name].stop; stop != nil {
			stops = append(stops, *stop)
		}
	}
	return stops
}

// host returns what a host has answered.
func (r *Run) host(name string) *answers {
	if r.hosts[name] == nil {
		r.hosts[name] = &answers{}
	}
	return r.hosts[name]
}

// next returns the next line to do, and notes that it runs.
func (r *Run) next(ctx context.Context) (i int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil || ctx.Err() != nil {
		return 0, false
	}
	for _, state := range []State{NotSaved, Waiting} {
		for i := range r.lines {
			if r.lines[i].State == state && !r.tried[i] && r.host(r.lines[i].Profile.Host()).stop == nil {
				r.lines[i].State, r.tried[i] = Running, true
				return i, true
			}
		}
	}
	return 0, false
}

func (r *Run) changed(i int) {
	if r.deps.Changed != nil {
		r.deps.Changed(i)
	}
}

// call waits for the turn of a host and calls it. It reports false if the run stopped before
// the call began, or ctx has cut it off. A run does not stop because optional calls fail.
func (r *Run) call(ctx context.Context, i int, host string, optional bool, do func() error) bool {
	if wait := r.deps.Pace.Next(host, r.deps.Now()); wait > 0 {
		r.deps.Sleep(ctx, wait)
	}
	r.mu.Lock()
	stopped := r.stop != nil || r.host(host).stop != nil || ctx.Err() != nil
	r.mu.Unlock()
	if stopped {
		return false
	}
	begin := r.deps.Now()
	err := do()
	asleep := slept(begin, r.deps.Now())
	outcome := authclient.OutcomeOf(err)
	if outcome == authclient.OutcomeCancelled {
		return false
	}
	r.answered(i, host, outcome, err, asleep, asleep || optional)
	return true
}

// slept reports whether the computer slept between two readings of the clock. The monotonic
// clock stands while some systems sleep; on the others the call took longer than its limit.
func slept(begin, end time.Time) bool {
	const slack = 5 * time.Second
	wall := end.Round(0).Sub(begin.Round(0))
	return wall > authclient.DefaultTimeout+slack || wall-end.Sub(begin) > slack
}

// answered notes the answer to a call, and stops the run if it is a reason to. A call without
// a verdict does not count if it is excused.
func (r *Run) answered(i int, host string, outcome authclient.Outcome, err error, asleep, excused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line := &r.lines[i]
	line.Outcome, line.Err, line.Asleep = outcome, err, asleep
	h := r.host(host)
	switch {
	case outcome == authclient.OutcomeToken:
		h.refusals, h.silent = 0, 0
	case outcome == authclient.OutcomeRefused:
		h.refusals, h.silent = h.refusals+1, 0
	case !excused:
		if h.why != outcome {
			h.silent, h.why = 0, outcome
		}
		h.silent++
	}
	stop := Stop{Host: host}
	var e *authclient.Error
	if errors.As(err, &e) {
		stop.Status = e.HTTPStatus
	}
	switch {
	case isBusy(err):
		stop.Reason, stop.Until = TooMany, r.deps.Now().Add(cmp.Or(e.RetryAfter, busyPause))
		r.deps.Pace.Block(host, stop.Until)
	case stop.Status == httpForbidden:
		stop.Reason = Forbidden
	case stop.Status == httpLocked:
		stop.Reason = Locked
	case h.refusals >= maxRefusals:
		stop.Reason = Refusals
	case h.silent >= maxSilent:
		stop.Reason, stop.Err = Silent, err
	default:
		return
	}
	if h.stop == nil {
		h.stop = &stop
	}
}

// isBusy reports whether a service asked to be called later.
func isBusy(err error) bool {
	var e *authclient.Error
	return errors.As(err, &e) && (e.RetryAfter > 0 || e.HTTPStatus == httpTooMany)
}

// finish ends a line.
func (r *Run) finish(i int, change func(*Line)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.lines[i])
	if state := r.lines[i].State; state != Waiting && state != Running {
		r.ended++
		r.lines[i].Ended = r.deps.Now()
	}
}

// failed ends a line whose call failed, by what the error says.
func (r *Run) failed(i int, err error) {
	r.finish(i, func(line *Line) {
		line.Err, line.State = err, NotVerified
		switch {
		case authclient.OutcomeOf(err) == authclient.OutcomeRefused:
			line.State = Refused
		case isBusy(err):
			line.State = Waiting
		}
	})
}

// wait makes a line wait again that was not done.
func (r *Run) wait(i int) { r.finish(i, func(line *Line) { line.State = Waiting }) }

// keyringFailed ends a line whose secrets the keyring did not give or take, and stops the run
// if the others would fail in the same way.
func (r *Run) keyringFailed(i int, state State, err error) {
	r.finish(i, func(line *Line) { line.State, line.Err = state, err })
	if !profile.IsGone(err) && !profile.IsInvalid(err) && keyring.ClassOf(err) != profile.ClassNotFound {
		r.halt(Stop{Reason: Keyring, Err: err})
	}
}
