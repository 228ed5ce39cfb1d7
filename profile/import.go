package profile

import "context"

// Action is what an import does with an entry.
type Action string

const (
	Add     Action = "add"
	Replace Action = "replace" // the saved one is older, or its item is gone
	Same    Action = "same"    // nothing to do
	Older   Action = "older"   // the saved one is newer and is left alone
)

// ImportStep is an entry of an import and what is done with it.
type ImportStep struct {
	Entry  Entry
	Action Action
}

// PlanImport says what importing entries would do, and changes nothing. It reads the
// keyring once for each entry that is saved already.
func (s *Store) PlanImport(ctx context.Context, entries []Entry) ([]ImportStep, error) {
	list, err := s.List()
	if err != nil && (IsBroken(err) || !NeedsRebuild(err)) {
		return nil, err
	}
	steps := make([]ImportStep, 0, len(entries))
	for _, e := range entries {
		step := ImportStep{Entry: e, Action: Add}
		for i := range steps { // the same credential twice in the entries
			if steps[i].Action != Older && steps[i].Entry.Profile.SameCredential(e.Profile) {
				if e.Profile.Saved.After(steps[i].Entry.Profile.Saved) {
					steps[i].Action = Older
				} else {
					step.Action = Older
				}
			}
		}
		if step.Action == Add {
			for _, p := range list {
				if p.SameCredential(e.Profile) {
					if step.Action, err = s.compare(ctx, p, e); err != nil {
						return nil, err
					}
					break
				}
			}
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// compare says what to do with an entry whose credential is saved.
func (s *Store) compare(ctx context.Context, p Profile, e Entry) (Action, error) {
	secrets, err := s.Load(ctx, p)
	switch {
	case IsGone(err):
		return Replace, nil
	case err != nil:
		return "", err
	}
	same := secrets.Token.Equal(e.Secrets.Token) &&
		(e.Secrets.Password.IsZero() || secrets.Password.Equal(e.Secrets.Password)) &&
		p.Name == e.Profile.Name && p.Environment == e.Profile.Environment && p.ERP == e.Profile.ERP && p.Note == e.Profile.Note
	switch {
	case same:
		return Same, nil
	case e.Profile.Saved.After(p.Saved):
		return Replace, nil
	default:
		return Older, nil
	}
}

// Import does one step of a plan. A token that is replaced is kept as the previous one.
// Same and Older do nothing. The errors are those of Put.
func (s *Store) Import(ctx context.Context, step ImportStep) error {
	if step.Action != Add && step.Action != Replace {
		return nil
	}
	e := step.Entry
	_, err := s.Put(ctx, e.Profile, func(p *Profile, secrets *Secrets) error {
		p.Name, p.Environment, p.ERP, p.Note = e.Profile.Name, e.Profile.Environment, e.Profile.ERP, e.Profile.Note
		if secrets.Token.IsZero() {
			*secrets = e.Secrets
			return nil
		}
		secrets.Renew(e.Secrets.Token, true, s.now())
		if !e.Secrets.Password.IsZero() {
			secrets.Password = e.Secrets.Password
		}
		return nil
	})
	return err
}
