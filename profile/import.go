package profile

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"amarre/authclient"
)

// Action is what an import does with an entry.
type Action string

const (
	Add      Action = "add"
	Replace  Action = "replace"  // the saved one is older, or its item is gone
	Same     Action = "same"     // nothing to do
	Older    Action = "older"    // the saved one is newer and is left alone
	Conflict Action = "conflict" // both have another token, and the user must choose: see Decide
)

// ImportStep is an entry of an import and what is done with it.
type ImportStep struct {
	Entry  Entry
	Action Action

	over authclient.Secret // the saved token that Decide was told of
}

// Decide returns the step that takes the entry of a conflict in place of what is saved,
// as long as the saved token is the one that the user saw.
func (step ImportStep) Decide(saved authclient.Secret) ImportStep {
	step.Action, step.over = Replace, saved
	return step
}

// PlanImport says what importing entries would do, and changes nothing. It reads the
// keyring once for each entry that is saved already.
func (s *Store) PlanImport(ctx context.Context, entries []Entry) ([]ImportStep, error) {
	list, err := s.List()
	if err != nil && (IsBroken(err) || !NeedsRebuild(err)) {
		return nil, err
	}
	saved := map[string][]Profile{}
	for _, p := range list {
		saved[credentialKey(p)] = append(saved[credentialKey(p)], p)
	}
	steps := make([]ImportStep, 0, len(entries))
	planned := map[string][]int{} // by credentialKey, the steps that are not Older
	for _, e := range entries {
		e.Profile = e.Profile.dated()
		key := credentialKey(e.Profile)
		step := ImportStep{Entry: e, Action: Add}
		for n, i := range planned[key] { // the same credential twice in the entries
			if first := steps[i].Entry; first.Profile.SameCredential(e.Profile) {
				if compare(first.Profile, first.Secrets, e).token {
					steps[i].Action = Older
					planned[key] = append(planned[key][:n], planned[key][n+1:]...)
				} else {
					step.Action = Older
				}
				break
			}
		}
		if step.Action == Add {
			for _, p := range saved[key] {
				if p.SameCredential(e.Profile) {
					secrets, err := s.Load(ctx, p)
					if err != nil && !IsGone(err) {
						return nil, err
					}
					step.Action = compare(p, secrets, e).action()
				}
			}
			planned[key] = append(planned[key], len(steps))
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// credentialKey is the same for profiles of which SameCredential is true.
func credentialKey(p Profile) string {
	return strconv.FormatInt(p.ERPID, 10) + "/" + strings.ToLower(strings.ToUpper(p.PortCode))
}

// comparison is what an entry has that is newer than what is saved.
type comparison struct {
	token, texts bool // texts: name, ERP, note, environment, and a password
	same         bool
	conflict     bool // of the tokens
}

func (c comparison) action() Action {
	switch {
	case c.conflict:
		return Conflict
	case c.token || c.texts:
		return Replace
	case c.same:
		return Same
	default:
		return Older
	}
}

// compare compares an entry with what is saved for its credential. The newer token is the
// one that follows the other, else the one that was set later. It is a conflict if both
// follow the same token, or if what the service said contradicts the dates. The texts are
// newer if they were saved later.
func compare(p Profile, s Secrets, e Entry) comparison {
	if s.Token.IsZero() { // its item is gone
		return comparison{token: true, texts: true}
	}
	c := comparison{texts: e.Profile.Saved.After(p.Saved)}
	if s.Token.Equal(e.Secrets.Token) {
		c.same = (e.Secrets.Password.IsZero() || s.Password.Equal(e.Secrets.Password)) &&
			p.Name == e.Profile.Name && p.Environment == e.Profile.Environment && p.ERP == e.Profile.ERP && p.Note == e.Profile.Note
		c.texts = c.texts && !c.same
		return c
	}
	follows, isFollowed := s.Token.Equal(e.Secrets.Previous), s.Previous.Equal(e.Secrets.Token)
	both := !s.Previous.IsZero() && s.Previous.Equal(e.Secrets.Previous)
	switch set, proven := e.Profile.TokenSet.Compare(p.TokenSet), proven(e.Profile).Compare(proven(p)); {
	case follows != isFollowed:
		c.token = follows
	case both, set == 0, set > 0 && (proven < 0 || e.Profile.Check == Refused), set < 0 && (proven > 0 || p.Check == Refused):
		c.conflict = true
	default:
		c.token = set > 0
	}
	return c
}

// proven returns when a token was last known to work: it was set, or accepted.
func proven(p Profile) time.Time {
	if p.Accepted.After(p.TokenSet) {
		return p.Accepted
	}
	return p.TokenSet
}

// errNothingToImport ends an edit that would change nothing.
var errNothingToImport = errors.New("nothing to import")

// Import does one step of a plan, and returns what it did: what is saved is compared
// again, because another program may have saved since the plan was made. If that gives
// Same, Older or Conflict, nothing is done. The dates are those of the entry. A token that
// is replaced is kept as the previous one. The errors are those of Put.
func (s *Store) Import(ctx context.Context, step ImportStep) (Action, error) {
	if step.Action != Add && step.Action != Replace {
		return step.Action, nil
	}
	e, done := step.Entry, Add
	e.Profile = e.Profile.dated()
	credential := e.Profile
	credential.Saved = time.Time{} // what is saved has a date
	_, err := s.put(ctx, credential, func(p *Profile, secrets *Secrets) error {
		c := compare(*p, *secrets, e)
		if c.conflict && secrets.Token.Equal(step.over) {
			c = comparison{token: true, texts: e.Profile.Saved.After(p.Saved)}
		}
		if !p.Saved.IsZero() {
			done = c.action()
		}
		if done != Add && done != Replace {
			return errNothingToImport
		}
		if c.texts {
			p.Name, p.Environment, p.ERP, p.Note, p.Saved = e.Profile.Name, e.Profile.Environment, e.Profile.ERP, e.Profile.Note, e.Profile.Saved
			if !e.Secrets.Password.IsZero() {
				secrets.Password = e.Secrets.Password
			}
		}
		if c.token {
			p.TokenSet, p.Accepted, p.Check, p.Checked = e.Profile.TokenSet, e.Profile.Accepted, e.Profile.Check, e.Profile.Checked
			if secrets.Token.IsZero() {
				*secrets = e.Secrets
			} else {
				secrets.Renew(e.Secrets.Token, true, s.now())
			}
		}
		return nil
	})
	if errors.Is(err, errNothingToImport) {
		err = nil
	}
	return done, err
}

// Imported is what ImportAll did.
type Imported struct {
	Done      int          // profiles that were added or replaced
	Kept      int          // profiles that another program has saved since the plan
	Conflicts []ImportStep // for the user to decide
	Failed    string       // the name of the profile of the error
}

// ImportAll does the steps of a plan, and stops at the first that fails: doing it again
// skips what is there. The errors are those of Import.
func (s *Store) ImportAll(ctx context.Context, steps []ImportStep) (Imported, error) {
	var all Imported
	for _, step := range steps {
		done, err := s.Import(ctx, step)
		switch {
		case err != nil:
			all.Failed = step.Entry.Profile.Name
			return all, err
		case done == Conflict:
			all.Conflicts = append(all.Conflicts, step)
		case done == Add || done == Replace:
			all.Done++
		case done != step.Action:
			all.Kept++
		}
	}
	return all, nil
}
