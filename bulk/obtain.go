package bulk

import (
	"context"
	"errors"

	"amarre/authclient"
	"amarre/profile"
)

// Obtain returns a run that gets a token for each row that is Ready, or takes the one that the
// row has, and saves it. Then it asks the service whose token it is, and names the profile
// after that port if the row has no name. A token that differs from a saved one waits for
// [Run.Decide], unless Deps.Replace is set.
func Obtain(deps Deps, rows []Reviewed) *Run {
	r := newRun(deps, 0)
	for _, row := range rows {
		if row.Verdict == Ready || row.Verdict == AlreadySaved && row.Again {
			r.lines = append(r.lines, Line{Row: row.Line, Profile: row.Profile, State: Waiting, Before: row.Profile.Check})
			r.jobs = append(r.jobs, job{row: row})
		}
	}
	r.work = r.obtain
	return r
}

func (r *Run) obtain(ctx context.Context, i int) {
	r.mu.Lock()
	row, token := r.jobs[i].row, r.jobs[i].token
	r.mu.Unlock()
	client, err := r.client(row.Profile.Service)
	if err != nil {
		r.failed(i, err)
		return
	}
	if token.IsZero() {
		if token = row.Token; token.IsZero() {
			cred := authclient.Credentials{PortCode: row.Profile.PortCode, ERPID: row.Profile.ERPID, Password: row.Password}
			if !r.call(ctx, i, row.Profile.Host(), false, func() error { token, err = client.Login(ctx, cred); return err }) {
				r.wait(i)
				return
			}
			if err != nil {
				r.failed(i, err)
				return
			}
		}
		r.mu.Lock()
		r.jobs[i].token = token
		r.mu.Unlock()
	}
	if r.deps.Store == nil {
		r.finish(i, func(line *Line) { line.State = Obtained })
		return
	}
	saved, ok := r.save(context.WithoutCancel(ctx), i, row, token) // the keyring has a timeout
	if ok {
		r.name(ctx, i, client, row, saved, token)
	}
}

// Why a token is not saved.
var (
	errDiffers = errors.New("another token is saved")
	errSame    = errors.New("it is saved already")
)

// save saves a token, and ends the line unless there is more to do.
func (r *Run) save(ctx context.Context, i int, row Reviewed, token authclient.Secret) (saved profile.Profile, ok bool) {
	var stored authclient.Secret
	var existing profile.Profile
	saved, err := r.deps.Store.Put(ctx, row.Profile, func(p *profile.Profile, s *profile.Secrets) error {
		stored, existing = s.Token, *p
		switch {
		case stored.Equal(token):
			return errSame
		case !stored.IsZero() && r.deps.Replace && row.Again:
			s.Renew(token, true, r.deps.Now())
			return nil
		case !stored.IsZero():
			return errDiffers
		}
		fill(p, row) // it is new, or its item was missing
		s.Token = token
		if row.Keep {
			s.Password = row.Password
		}
		return nil
	})
	state := Saved
	switch {
	case errors.Is(err, errSame):
		state, saved = Same, existing
	case errors.Is(err, errDiffers):
		r.mu.Lock()
		r.jobs[i].stored = stored
		r.mu.Unlock()
		r.finish(i, func(line *Line) { line.State = Differs })
		return saved, false
	case err != nil:
		r.keyringFailed(i, NotSaved, err)
		return saved, false
	}
	r.mu.Lock()
	r.lines[i].State, r.lines[i].Profile, r.jobs[i].token = state, saved, authclient.Secret{}
	r.mu.Unlock()
	return saved, true
}

// fill sets what a row says of a new profile.
func fill(p *profile.Profile, row Reviewed) {
	p.Name, p.ERP, p.Note, p.Environment = orElse(row.Profile.Name, p.PortCode), row.Profile.ERP, row.Profile.Note, row.Profile.Environment
}

// name asks the service whose token was saved, keeps its verdict, and names the profile after
// the port. The line has ended well whatever the answer is.
func (r *Run) name(ctx context.Context, i int, client *authclient.Client, row Reviewed, saved profile.Profile, token authclient.Secret) {
	var account authclient.Account
	var err error
	state := r.Line(i).State
	called := r.call(ctx, i, saved.Host(), true, func() error { account, err = client.Account(ctx, token); return err })
	verdict := profile.Verdict("")
	if called {
		verdict = profile.VerdictOf(saved, account, err)
	}
	if verdict == profile.Accepted && state == Saved && row.Profile.Name == "" && account.PortName != "" {
		named, err := r.deps.Store.Edit(context.WithoutCancel(ctx), saved.ID, func(p *profile.Profile, _ *profile.Secrets) error {
			if p.Name == saved.Name {
				p.Name = account.PortName
			}
			return nil
		})
		if err == nil {
			saved = named
		}
	}
	if verdict != "" {
		r.keep(ctx, saved, verdict)
	}
	r.finish(i, func(line *Line) {
		line.State, line.Profile, line.Account = state, saved, account
		switch verdict {
		case profile.OtherPort:
			line.State = OtherPort
		case profile.Refused:
			line.State, line.Err = Refused, err
		}
	})
}

// Decide ends every line that Differs, by one answer for all: the new tokens take the place of
// the saved ones, which are kept as the previous ones, or the saved ones stay. A line whose
// saved token is no longer the one that was compared stays as it is, and so does one that the
// keyring did not take: the error is the first of those.
func (r *Run) Decide(ctx context.Context, replace bool) error {
	var first error
	for i, line := range r.Lines() {
		if line.State != Differs {
			continue
		}
		r.mu.Lock()
		token, stored := r.jobs[i].token, r.jobs[i].stored
		r.mu.Unlock()
		state, saved, err := Kept, line.Profile, error(nil)
		if replace {
			state = Saved
			saved, err = r.deps.Store.Put(ctx, line.Profile, func(_ *profile.Profile, s *profile.Secrets) error {
				if !s.Token.Equal(stored) && !s.Token.IsZero() {
					stored = s.Token
					return errDiffers
				}
				s.Renew(token, true, r.deps.Now())
				return nil
			})
		}
		r.mu.Lock()
		if err != nil {
			r.lines[i].Err, r.jobs[i].stored = err, stored
		} else {
			r.lines[i].State, r.lines[i].Profile, r.jobs[i].token = state, saved, authclient.Secret{}
		}
		r.mu.Unlock()
		if err != nil && first == nil {
			first = err
		}
		r.changed(i)
	}
	return first
}

// Token returns the token of a line that is Obtained, NotSaved or Differs.
func (r *Run) Token(i int) authclient.Secret {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.jobs[i].token
}

// Unsaved returns how many tokens would be lost with the run: those of lines that are NotSaved
// or that Differ.
func (r *Run) Unsaved() int { return r.Count(NotSaved) + r.Count(Differs) }

// Gone returns the saved profiles of rows that are AlreadySaved whose token the keyring does
// not have: the program was ended between the list and the keyring, or somebody has deleted the
// item. Without them among the saved ones, Review says that the rows are Ready.
func Gone(ctx context.Context, store *profile.Store, rows []Reviewed) (gone []profile.Profile) {
	for _, row := range rows {
		if row.Verdict != AlreadySaved {
			continue
		}
		switch _, err := store.Load(ctx, row.Profile); {
		case profile.IsGone(err):
			gone = append(gone, row.Profile)
		case err != nil: // it would be the same for the others
			return gone
		}
	}
	return gone
}
