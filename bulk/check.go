package bulk

import (
	"context"
	"time"

	"amarre/authclient"
	"amarre/profile"
)

// Check returns a run that asks the service for the token of each profile, and never logs in.
// The verdict and its date are kept in the list. What failed with the computer asleep is done
// once more.
func Check(deps Deps, profiles []profile.Profile) *Run {
	r := newRun(deps, len(profiles))
	for i, p := range profiles {
		r.lines[i] = Line{Profile: p, State: Waiting, Before: p.Check}
	}
	r.work = r.check
	return r
}

func (r *Run) check(ctx context.Context, i int) {
	of, again := r.Line(i).Profile, r.Line(i).Asleep
	client, err := r.client(of.Service)
	if err != nil {
		r.failed(i, err)
		return
	}
	secrets, err := r.deps.Store.Load(ctx, of)
	switch {
	case ctx.Err() != nil:
		r.wait(i)
		return
	case err != nil:
		r.keyringFailed(i, NoToken, err)
		return
	}
	var account authclient.Account
	if !r.call(ctx, i, of.Host(), false, func() error { account, err = client.Account(ctx, secrets.Token); return err }) {
		r.wait(i)
		return
	}
	verdict := profile.VerdictOf(of, account, err)
	if verdict == "" {
		if r.Line(i).Asleep && !again {
			r.wait(i)
			r.mu.Lock()
			delete(r.tried, i)
			r.mu.Unlock()
			return
		}
		r.failed(i, err)
		return
	}
	r.keep(ctx, of, verdict)
	r.finish(i, func(line *Line) {
		line.State, line.Account, line.Err = stateOf(verdict), account, err
	})
}

// keepEvery is how often verdicts are written to the list: with 1,000 profiles that takes 12 ms.
const keepEvery = time.Second

// keep keeps a verdict in the list. Those of a second are written together.
func (r *Run) keep(ctx context.Context, of profile.Profile, verdict profile.Verdict) {
	r.mu.Lock()
	now := r.deps.Now()
	r.verdicts = append(r.verdicts, profile.Checked{Profile: of, Verdict: verdict, At: now})
	due := now.Sub(r.kept) >= keepEvery
	r.mu.Unlock()
	if due {
		r.flush(ctx)
	}
}

// flush writes the verdicts that are not written yet.
func (r *Run) flush(ctx context.Context) {
	r.mu.Lock()
	verdicts := r.verdicts
	r.verdicts, r.kept = nil, r.deps.Now()
	r.mu.Unlock()
	if len(verdicts) > 0 {
		_ = r.deps.Store.SetAllChecked(context.WithoutCancel(ctx), verdicts) // only a hint; has a timeout
	}
}

// stateOf returns the state of a line with a verdict.
func stateOf(verdict profile.Verdict) State {
	switch verdict {
	case profile.Accepted:
		return Works
	case profile.OtherPort:
		return OtherPort
	default:
		return Refused
	}
}

// client returns the run's client of the service at an address, which keeps its connections.
func (r *Run) client(service string) (*authclient.Client, error) {
	address, err := authclient.ParseAddress(service)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if client := r.clients[address]; client != nil {
		return client, nil
	}
	client, err := r.deps.Client(address)
	if err != nil {
		return nil, err
	}
	r.clients[address] = client
	return client, nil
}
