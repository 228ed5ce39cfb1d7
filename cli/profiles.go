package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"amarre/internal/keyring"
	"amarre/internal/settings"
	"amarre/profile"
)

// openStore opens the store, which tells on standard error what it waits for, each once.
func (r *run) openStore() (*profile.Store, error) {
	var mu sync.Mutex
	told := map[profile.Wait]bool{}
	return r.Store(func(n profile.Notice) {
		mu.Lock()
		defer mu.Unlock()
		if !told[n.Wait] {
			told[n.Wait] = true
			r.warn(r.texts.Notice(n))
		}
	})
}

// openProfiles opens the saved profiles, makes the list again from the keyring if it
// must be, and returns the profiles by name. The caller closes the store.
func (r *run) openProfiles(ctx context.Context) (*profile.Store, []profile.Profile, error) {
	store, err := r.openStore()
	if err != nil {
		return nil, nil, err
	}
	list, err := store.List()
	if profile.NeedsRebuild(err) && (profile.IsBroken(err) || store.State(ctx) == keyring.Ready) {
		var done profile.Rebuilt
		if done, err = store.Rebuild(ctx); err == nil {
			if text := r.texts.Rebuilt(done); text != "" {
				r.warn(text)
			}
			list, err = store.List()
		}
	}
	if err != nil && !profile.NeedsRebuild(err) || profile.IsBroken(err) {
		store.Close()
		return nil, nil, err
	}
	profile.ByName.Sort(list)
	return store, list, nil
}

// withProfiles calls do with the saved profiles, unless there is a policy that cannot
// be read; what it forbids to keep is erased first.
func (r *run) withProfiles(ctx context.Context, do func(store *profile.Store, list []profile.Profile)) {
	fixed, ok := r.policy()
	if !ok {
		return
	}
	r.withProfilesUnchecked(ctx, func(store *profile.Store, list []profile.Profile) {
		if fixed.NoPasswords && store.State(ctx) == keyring.Ready {
			if erased, _ := store.ErasePasswords(ctx); erased > 0 { // what is left is tried the next time
				r.warn(r.texts.N("policy.erased", erased))
				if again, err := store.List(); err == nil {
					list = again
					profile.ByName.Sort(list)
				}
			}
		}
		do(store, list)
	})
}

// withProfilesUnchecked calls do with the saved profiles, whatever the policy: they may
// always be deleted.
func (r *run) withProfilesUnchecked(ctx context.Context, do func(store *profile.Store, list []profile.Profile)) {
	store, list, err := r.openProfiles(ctx)
	if err != nil {
		r.storeFailed(err)
		return
	}
	defer store.Close()
	do(store, list)
}

// storeFailed says why the keyring or the list did not do what was asked.
func (r *run) storeFailed(err error) {
	var noFolder *settings.DirError
	if errors.As(err, &noFolder) {
		r.internal(err)
		return
	}
	status := ExitKeyring
	if errors.Is(err, context.Canceled) {
		status = ExitCancelled
	}
	r.fail(status, r.texts.Store(err))
}

// find returns the one profile that a reference means; false after saying why
// there is none.
func (r *run) find(list []profile.Profile, reference string) (profile.Profile, bool) {
	return r.only(profile.Find(list, reference))
}

// only returns the one profile that was found; false after saying that there is none, or
// which ones there are.
func (r *run) only(found []profile.Profile) (profile.Profile, bool) {
	switch len(found) {
	case 0:
		// It may be a secret by mistake: it is not repeated.
		r.fail(ExitNoProfile, r.texts.T("cli.error.no_profile"))
		return profile.Profile{}, false
	case 1:
		return found[0], true
	}
	why := r.texts.N("cli.error.ambiguous", len(found))
	for _, p := range found {
		why += fmt.Sprintf("\n  %s\t%s\t%s", p.ID, p.Reference(), p.Name)
	}
	r.fail(ExitNoProfile, why)
	return profile.Profile{}, false
}

// choose returns the profiles that references mean, each one once, or all of them if there
// is no reference; false after saying which is none or several.
func (r *run) choose(list []profile.Profile, references []string) ([]profile.Profile, bool) {
	if len(references) == 0 {
		return list, true
	}
	finder := profile.NewFinder(list)
	var selected []profile.Profile
	for _, reference := range references {
		p, ok := r.only(finder.Find(reference))
		if !ok {
			return nil, false
		}
		if !slices.Contains(selected, p) {
			selected = append(selected, p)
		}
	}
	return selected, true
}

// completeProfiles lets a shell complete the names of saved profiles. Where a name does not
// fit, means others too, or would be taken for a flag, that is the profile's reference, else
// its ID. It reads the list alone, not the keyring.
func (r *run) completeProfiles(_ *cobra.Command, args []string, typed string) (found []cobra.Completion, _ cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	store, err := r.Store(nil)
	if err != nil {
		return nil, none
	}
	defer store.Close()
	list, err := store.List()
	if err != nil {
		return nil, none
	}
	profile.ByName.Sort(list)
	finder := profile.NewFinder(list)
	given := map[string]bool{}
	for _, arg := range args {
		for _, p := range finder.Find(arg) {
			given[p.ID] = true
		}
	}
	for _, p := range list {
		if given[p.ID] {
			continue
		}
		about := p.Reference()
		for _, word := range []string{p.Name, p.Reference(), p.ID} {
			begun := strings.HasPrefix(strings.ToLower(word), strings.ToLower(typed))
			if begun && !strings.HasPrefix(word, "-") && finder.Means(word, p.ID) {
				found = append(found, cobra.CompletionWithDesc(word, about))
				break
			}
			about = p.Name
		}
	}
	return found, none
}

// completeOne is completeProfiles for a command that takes one profile.
func (r *run) completeOne(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return r.completeProfiles(c, args, typed)
}
