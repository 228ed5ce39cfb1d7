package backup_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"filippo.io/age"

	"amarre/authclient"
	"amarre/profile"
	"amarre/profile/backup"
)

// TestPassphraseInEitherForm: a passphrase opens a file whether its accents were typed as one
// character with their letter or as two, also a file that an earlier version encrypted with
// what was typed.
func TestPassphraseInEitherForm(t *testing.T) {
	const composed, decomposed = "bateaux à quai, l’été", "bateaux a\u0300 quai, l’e\u0301te\u0301"
	asTyped := func(passphrase string) []byte {
		recipient, err := age.NewScryptRecipient(passphrase)
		if err != nil {
			t.Fatal(err)
		}
		recipient.SetWorkFactor(workFactor)
		var file bytes.Buffer
		w, err := age.Encrypt(&file, recipient)
		if err != nil {
			t.Fatal(err)
		}
		text, err := profile.Encode(entries()[1].Profile, entries()[1].Secrets)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, `{"amarre":"backup","version":1,"profiles":1}`+"\n"+text+"\n"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	written := func(passphrase string) []byte {
		var file bytes.Buffer
		if err := backup.Write(&file, authclient.NewSecret(passphrase), entries(), workFactor); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	for name, file := range map[string][]byte{
		"written, composed": written(composed), "written, decomposed": written(decomposed),
		"of an earlier version, composed": asTyped(composed), "of an earlier version, decomposed": asTyped(decomposed),
	} {
		for _, given := range []string{composed, decomposed} {
			if got, err := backup.Read(bytes.NewReader(file), authclient.NewSecret(given)); err != nil || len(got) == 0 {
				t.Errorf("%s, opened with %+q: %d entries, %v", name, given, len(got), err)
			}
		}
		if _, err := backup.Read(bytes.NewReader(file), authclient.NewSecret(composed+"s")); !errors.Is(err, backup.ErrPassphrase) {
			t.Errorf("%s, a wrong passphrase: %v", name, err)
		}
	}
	// Other programs open it with NFC: age -d.
	identity, err := age.NewScryptIdentity(composed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := age.Decrypt(bytes.NewReader(written(decomposed)), identity); err != nil {
		t.Error(err)
	}
}
