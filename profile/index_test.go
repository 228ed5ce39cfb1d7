package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestIndexIsNotTrusted: a list that this program would not have written is none.
func TestIndexIsNotTrusted(t *testing.T) {
	const good = `{"version":1,"profiles":[{"id":"a","name":"A","service":"https://a.example","environment":"test","portCode":"SET","erpId":15,"saved":"2026-11-23T10:00:00Z"},
{"id":"b","name":"B","service":"https://a.example","environment":"test","portCode":"MTP","erpId":15,"saved":"2026-11-23T10:00:00Z"}]}`
	list, err := profile.ParseIndex([]byte(good))
	if err != nil || len(list) != 2 || !list[0].TokenSet.Equal(list[0].Saved) || list[0].TokenSet.IsZero() {
		t.Fatalf("a list of an earlier version: %+v, %v", list, err)
	}
	for name, change := range map[string][2]string{
		"another version":     {`"version":1`, `"version":2`},
		"no version":          {`"version":1,`, ``},
		"one ID twice":        {`"id":"b"`, `"id":"a"`},
		"no ID":               {`"id":"b"`, `"id":""`},
		"an ID of a path":     {`"id":"b"`, `"id":"../b"`},
		"a long ID":           {`"id":"b"`, `"id":"` + strings.Repeat("b", 65) + `"`},
		"no address":          {`"id":"b","name":"B","service":"https://a.example"`, `"id":"b","name":"B","service":"ftp://a.example"`},
		"the first's address": {`"id":"a","name":"A","service":"https://a.example"`, `"id":"a","name":"A","service":"a b"`},
		"a long port code":    {`"MTP"`, `"MTPX"`},
		"spaces in the code":  {`"MTP"`, `" MT"`},
		"no ERP ID":           {`"MTP","erpId":15`, `"MTP","erpId":0`},
		"another environment": {`"environment":"test","portCode":"MTP"`, `"environment":"x","portCode":"MTP"`},
		"a name in two lines": {`"B"`, `"B\nC"`},
		"a disguised ERP":     {`"name":"B"`, `"name":"B","erp":"x\u202ey"`},
		"a note with NUL":     {`"name":"B"`, `"name":"B","note":"x\u0000y"`},
		"not JSON":            {`]}`, `]`},
	} {
		content := strings.Replace(good, change[0], change[1], 1)
		if content == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := profile.ParseIndex([]byte(content)); !profile.IsBroken(err) || !profile.NeedsRebuild(err) {
			t.Errorf("%s: %v, want a broken list", name, err)
		}
	}
	if _, err := profile.ParseIndex([]byte(strings.Replace(good, `"id":"b"`, `"id":"`+strings.Repeat("b", 64)+`"`, 1))); err != nil {
		t.Errorf("an ID of 64 characters: %v", err)
	}
}

func TestIndexHasOneProfileALine(t *testing.T) {
	a, b := sete, sete
	a.ID, b.ID = "a", "b"
	content, err := profile.EncodeIndex([]profile.Profile{a, b})
	lines := strings.Split(string(content), "\n")
	if err != nil || len(lines) != 9 || !strings.HasPrefix(lines[4], `{"id":"a"`) || !strings.HasPrefix(lines[5], `{"id":"b"`) {
		t.Errorf("%v\n%s", err, content)
	}
}

// TestListThatCannotBeRead is no broken one, which would be set aside.
func TestListThatCannotBeRead(t *testing.T) {
	store, ring, dir := newStore(t)
	mustSave(t, store, sete)
	unblock := block(t, dir)
	_, listErr := store.List()
	_, planErr := store.PlanImport(t.Context(), nil)
	_, rebuildErr := store.Rebuild(t.Context())
	_, saveErr := store.Put(t.Context(), sete, renew("ANOTHER"))
	strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
	for what, err := range map[string]error{"list": listErr, "plan": planErr, "rebuild": rebuildErr, "save": saveErr, "mark": store.SetFavourite(t.Context(), []string{"x"}, true)} {
		if keyring.ClassOf(err) != profile.ClassList || profile.IsBroken(err) || profile.NeedsRebuild(err) {
			t.Errorf("%s: %v, want ClassList and nothing to rebuild", what, err)
		}
	}
	if _, err := strict.ErasePasswords(t.Context()); keyring.ClassOf(err) != profile.ClassList {
		t.Errorf("erase the passwords: %v, want ClassList", err)
	}
	unblock()
	if len(mustList(t, store)) != 1 || len(ring.Items()) != 1 {
		t.Error("something was changed")
	}
}

// TestListWithoutAKeyringIsReadLater: a list that was written while there was no keyring
// says that profiles may be missing in it.
func TestListWithoutAKeyringIsReadLater(t *testing.T) {
	dir, ring := t.TempDir(), &profiletest.Ring{}
	ring.Change(profiletest.Faults{List: errNoService, Set: errNoService, Get: errNoService})
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	if _, err := store.Put(t.Context(), sete, renew("TOKEN")); keyring.ClassOf(err) != keyring.ClassUnavailable {
		t.Fatalf("save: %v, want ClassUnavailable", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "profiles.json")); err != nil {
		t.Fatal(err)
	}
	next := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	if _, err := next.List(); !profile.NeedsRebuild(err) || profile.IsBroken(err) {
		t.Errorf("list: %v, want the need to rebuild", err)
	}
	ring.Change(profiletest.Faults{})
	if _, err := next.Rebuild(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := next.List(); err != nil {
		t.Errorf("rebuilt: %v", err)
	}
}

// TestTemporaryFilesAreRemoved: a crash leaves what was being written, and the next change
// removes it and nothing else.
func TestTemporaryFilesAreRemoved(t *testing.T) {
	store, _, dir := newStore(t)
	mustSave(t, store, sete)
	for _, name := range []string{"profiles.json.123.tmp", "profiles.json.bad-1", "other.123.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := sete
	p.PortCode = "MTP"
	mustSave(t, store, p)
	if got := strings.Join(files(t, dir), " "); got != "other.123.tmp profiles.json profiles.json.bad-1 profiles.json.lock" {
		t.Errorf("the folder has %s", got)
	}
}

// TestListInMemoryIsNotShared with who has read it.
func TestListInMemoryIsNotShared(t *testing.T) {
	store := profile.OpenMemory()
	mustSave(t, store, sete)
	mustList(t, store)[0].Name = "changed"
	if got := mustList(t, store)[0].Name; got != sete.Name {
		t.Errorf("the list has %q", got)
	}
	store.Watch(t.Context(), nil) // nobody else can change it: returns
}

// TestLockThatCannotBeTaken: the folder cannot be made.
func TestLockThatCannotBeTaken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	store := profile.Open(profile.Options{Dir: filepath.Join(file, "below"), Keyring: &profiletest.Ring{}})
	_, allErr := store.DeleteAll(t.Context())
	_, rebuildErr := store.Rebuild(t.Context())
	for what, err := range map[string]error{"delete all": allErr, "rebuild": rebuildErr} {
		if keyring.ClassOf(err) != profile.ClassList {
			t.Errorf("%s: %v, want ClassList", what, err)
		}
	}
}

// TestErrorKinds: what is wrong with a profile itself, and what is not.
func TestErrorKinds(t *testing.T) {
	for _, class := range []keyring.Class{keyring.ClassTooBig, profile.ClassInvalid, profile.ClassSecretInText, profile.ClassDuplicate} {
		if err := error(&keyring.Error{Class: class}); !profile.IsInvalid(err) || profile.IsGone(err) {
			t.Errorf("%s is not invalid, or gone", class)
		}
	}
	for _, class := range []keyring.Class{keyring.ClassMissing, profile.ClassForeign, profile.ClassBareToken} {
		if err := error(&keyring.Error{Class: class}); profile.IsInvalid(err) || !profile.IsGone(err) {
			t.Errorf("%s is invalid, or not gone", class)
		}
	}
	for _, err := range []error{nil, errors.New("x"), &keyring.Error{Class: keyring.ClassUnknown}, &keyring.Error{Class: profile.ClassClosed}, &keyring.Error{Class: profile.ClassNewer}} {
		if profile.IsInvalid(err) || profile.IsGone(err) {
			t.Errorf("%v is invalid, or gone", err)
		}
	}
}

// TestLockHasALimit: who waits for another program is told so at the limit of a call that
// the user asked for.
func TestLockHasALimit(t *testing.T) {
	first, ring, dir := newStore(t)
	editing, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = first.Put(t.Context(), sete, func(_ *profile.Profile, s *profile.Secrets) error {
			close(editing)
			<-goOn
			*s = secrets
			return nil
		})
	}()
	<-editing
	second := profile.Open(profile.Options{Dir: dir, Keyring: ring, InteractiveTimeout: 60 * time.Millisecond})
	defer second.Close()
	_, deleteErr := second.Delete(t.Context(), "x")
	_, allErr := second.DeleteAll(t.Context())
	_, rebuildErr := second.Rebuild(t.Context())
	_, putErr := second.Put(t.Context(), sete, renew("ANOTHER"))
	selfTestErr := second.SelfTest(t.Context(), func(keyring.SelfTestStep) {})
	markErr := second.SetFavourite(t.Context(), []string{"x"}, true)
	for what, err := range map[string]error{"delete": deleteErr, "delete all": allErr, "rebuild": rebuildErr, "put": putErr, "self-test": selfTestErr, "mark": markErr} {
		if keyring.ClassOf(err) != profile.ClassBusy {
			t.Errorf("%s: %v, want ClassBusy", what, err)
		}
	}
	close(goOn)
	<-ended
	if len(mustList(t, second)) != 1 {
		t.Error("the first program's profile is not listed")
	}
}
