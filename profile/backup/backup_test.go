package backup_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"amarre/authclient"
	"amarre/profile"
	"amarre/profile/backup"
)

const (
	canaryToken    = "CANARY-TOKEN-51c2"
	canaryPassword = "CANARY-PASSWORD-9d0e"
)

var passphrase = authclient.NewSecret("quatre bateaux au mouillage")

const workFactor = 4

func entries() []profile.Entry {
	return []profile.Entry{
		{
			Profile: profile.Profile{ID: "set-15-abcdef", Name: "Port de Sète", Service: "https://logapass.example/ws?test", Environment: profile.Test,
				PortCode: "SET", ERPID: 15, ERP: "Alizée", Note: "Bureau du port", Favourite: true, HasPassword: true, HasPrevious: true,
				Saved: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), TokenSet: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
				Check: profile.Refused, Checked: time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC), Accepted: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)},
			Secrets: profile.Secrets{Token: authclient.NewSecret(canaryToken), Password: authclient.NewSecret(canaryPassword),
				Previous: authclient.NewSecret("CANARY-PREVIOUS"), Replaced: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
		},
		{
			Profile: profile.Profile{ID: "mtp-15-ghijkl", Name: "MTP", Service: "https://logapass.example/ws", Environment: profile.Production, PortCode: "MTP", ERPID: 15},
			Secrets: profile.Secrets{Token: authclient.NewSecret("OTHER-TOKEN")},
		},
	}
}

func write(t testing.TB, entries []profile.Entry) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := backup.Write(&b, passphrase, entries, workFactor); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	want := entries()
	file := write(t, want)
	for _, clear := range []string{"CANARY", "SET", "Sète", "logapass"} {
		if bytes.Contains(file, []byte(clear)) {
			t.Errorf("the file holds %q in clear", clear)
		}
	}
	got, err := backup.Read(bytes.NewReader(file), passphrase)
	if err != nil || len(got) != len(want) {
		t.Fatalf("read %d entries, %v", len(got), err)
	}
	for i := range want {
		g, w := got[i], want[i]
		if g.Profile != w.Profile || !g.Secrets.Token.Equal(w.Secrets.Token) || !g.Secrets.Password.Equal(w.Secrets.Password) ||
			!g.Secrets.Previous.Equal(w.Secrets.Previous) || !g.Secrets.Replaced.Equal(w.Secrets.Replaced) {
			t.Errorf("entry %d is %+v, want %+v, or has other secrets", i, g.Profile, w.Profile)
		}
	}
	if got, err := backup.Read(bytes.NewReader(write(t, nil)), passphrase); err != nil || len(got) != 0 {
		t.Errorf("an empty backup: %d, %v", len(got), err)
	}
}

// TestBadFiles checks the error for each bad file, and that Read returns no entries.
func TestBadFiles(t *testing.T) {
	good := write(t, entries())
	changed := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 1
		return b
	}
	encrypted := func(text string, to age.Recipient) []byte {
		var b bytes.Buffer
		w, err := age.Encrypt(&b, to)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	scrypt, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	scrypt.SetWorkFactor(workFactor)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	text, err := profile.Encode(entries()[0].Profile, entries()[0].Secrets)
	if err != nil {
		t.Fatal(err)
	}
	newerItem := strings.Replace(text, `"version":1`, `"version":2`, 1)
	costly := bytes.Replace(good, []byte(" 4\n"), []byte(" 23\n"), 1)
	line := func(n int, reason error) error { return &backup.LineError{Line: n, Err: reason} }
	one := `{"amarre":"backup","version":2,"profiles":1}` + "\n"
	for _, c := range []struct {
		name       string
		file       []byte
		passphrase string
		want       error
	}{
		{name: "wrong passphrase", file: good, passphrase: "quatre bateaux au mouillagE", want: backup.ErrPassphrase},
		{name: "no passphrase", file: good, passphrase: "-", want: backup.ErrPassphrase},
		{name: "empty", want: backup.ErrForeign},
		{name: "text", file: []byte("Port;Code\n"), want: backup.ErrForeign},
		{name: "the beginning alone", file: good[:30], want: backup.ErrDamaged},
		{name: "cut in the heading", file: good[:100], want: backup.ErrDamaged},
		{name: "cut in the body", file: good[:len(good)-40], want: backup.ErrDamaged},
		{name: "cut by one byte", file: good[:len(good)-1], want: backup.ErrDamaged},
		{name: "longer by one byte", file: append(bytes.Clone(good), 0), want: backup.ErrDamaged},
		{name: "changed in the body", file: changed(len(good) - 30), want: backup.ErrDamaged},
		{name: "changed last", file: changed(len(good) - 1), want: backup.ErrDamaged},
		{name: "asks for more work", file: costly, want: backup.ErrTooCostly},
		{name: "armored and cut", file: armored(t, good)[:200], want: backup.ErrDamaged},
		{name: "for somebody's key", file: encrypted("x", key.Recipient()), want: backup.ErrForeign},
		{name: "another program's", file: encrypted("hello", scrypt), want: backup.ErrForeign},
		{name: "of a newer version", file: encrypted(`{"amarre":"backup","version":3}`, scrypt), want: backup.ErrNewer},
		{name: "with an item of a newer version", file: encrypted(`{"amarre":"backup","version":1,"profiles":1}`+"\n"+newerItem, scrypt), want: backup.ErrNewer},
		{name: "with less than it says", file: encrypted(`{"amarre":"backup","version":1,"profiles":2}`+"\n"+text, scrypt), want: line(1, backup.ErrCount)},
		{name: "with something else inside", file: encrypted(one+"{}", scrypt), want: line(2, nil)},
		{name: "with a line that is not JSON", file: encrypted(one+"{", scrypt), want: line(2, backup.ErrSyntax)},
		{name: "with two values in a line", file: encrypted(one+text+"}", scrypt), want: line(2, backup.ErrSyntax)},
		{name: "with a member twice", file: encrypted(one+strings.Replace(text, `"erpId":`, `"erpId":16,"erpId":`, 1), scrypt), want: line(2, backup.ErrDuplicateMember)},
		{name: "with a port code that is too long", file: encrypted(one+strings.Replace(text, `"SET"`, `"SETE"`, 1), scrypt), want: line(2, nil)},
		{name: "too big", file: append(bytes.Clone(good), make([]byte, backup.MaxFile)...), want: backup.ErrTooBig},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := passphrase
			if c.passphrase != "" {
				p = authclient.NewSecret(strings.TrimPrefix(c.passphrase, "-"))
			}
			got, err := backup.Read(bytes.NewReader(c.file), p)
			ok := errors.Is(err, c.want)
			var at, wantAt *backup.LineError
			if errors.As(c.want, &wantAt) {
				ok = errors.As(err, &at) && at.Line == wantAt.Line && (wantAt.Err == nil || errors.Is(at.Err, wantAt.Err))
			}
			if !ok || got != nil {
				t.Errorf("read %d entries, %v; want %v", len(got), err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the error holds a secret: %v", err)
			}
		})
	}
}

func armored(t *testing.T, file []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := armor.NewWriter(&b)
	if _, err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFilesThatOthersWrote: the command age, and people, change a file in ways that leave
// it readable.
func TestFilesThatOthersWrote(t *testing.T) {
	good := write(t, entries())
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(backup.DefaultWorkFactor + 1)
	again := func(change func([]byte) []byte) []byte {
		identity, err := age.NewScryptIdentity(passphrase.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		r, err := age.Decrypt(bytes.NewReader(good), identity)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		w, err := age.Encrypt(&b, recipient)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(change(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	costly := again(func(text []byte) []byte {
		return append([]byte("\ufeff"), append(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), "\r\n\n"...)...)
	})
	for name, c := range map[string]struct {
		file []byte
		slow bool
	}{
		"armored":                      {armored(t, good), false},
		"armored, after a mail's line": {append([]byte("\ufeff\r\n"), armored(t, good)...), false},
		"with more work, saved by a Windows editor": {costly, true},
	} {
		file, err := backup.Open(bytes.NewReader(c.file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := file.Read(passphrase)
		if err != nil || len(got) != 2 || file.Slow() != c.slow {
			t.Errorf("%s: %d entries, %v; slow: %v", name, len(got), err, file.Slow())
		}
		if want := int64(512 << 20); c.slow && file.Memory() != want {
			t.Errorf("%s: takes %d bytes of memory, want %d", name, file.Memory(), want)
		}
	}
}

// TestVersion1 reads a file that the first version of the program wrote. A profile in it
// has the date of its last save as that of its token.
func TestVersion1(t *testing.T) {
	file, err := os.ReadFile("testdata/version1.amarre")
	if err != nil {
		t.Fatal(err)
	}
	got, err := backup.Read(bytes.NewReader(file), authclient.NewSecret("corail-amarre-ponton"))
	if err != nil || len(got) != 2 {
		t.Fatalf("%d entries, %v", len(got), err)
	}
	day := func(n int) time.Time { return time.Date(2026, 11, n, 9, 30, 0, 0, time.UTC) }
	want := []profile.Profile{
		{ID: "set-15-k3f9q2", Name: "Port de Sète", Service: "https://logapass.example/ws?test", Environment: profile.Test, PortCode: "SET", ERPID: 15, ERP: "Alizée", Note: "bureau du port",
			HasPassword: true, HasPrevious: true, Saved: day(2), TokenSet: day(2), Favourite: true, Check: profile.Accepted, Checked: day(3), Accepted: day(3)},
		{ID: "mtp-15-aaaaaa", Name: "Port de Montpellier {USERNAME}", Service: "https://logapass.example/ws", Environment: profile.Production, PortCode: "MTP", ERPID: 15, Saved: day(4), TokenSet: day(4)},
	}
	for i, e := range got {
		if e.Profile != want[i] {
			t.Errorf("got %+v\nwant %+v", e.Profile, want[i])
		}
	}
	s := got[0].Secrets
	if s.Token.Reveal() != "EXAMPLE-TOKEN-OF-SETE-0123456789" || s.Password.Reveal() != "FourniParDataComSys" || s.Previous.Reveal() != "EXAMPLE-PREVIOUS-OF-SETE" || !s.Replaced.Equal(day(2)) {
		t.Error("the secrets differ")
	}
}

func TestPassphrase(t *testing.T) {
	if err := backup.Write(io.Discard, authclient.NewSecret("1234567"), entries(), workFactor); !errors.Is(err, backup.ErrShort) {
		t.Errorf("a passphrase of 7 characters: %v, want ErrShort", err)
	}
	for text, want := range map[string]bool{
		"": true, "abc": true, "éèàçùôî": true, "éèàçùôîû": false,
		"quatre bateaux au mouillage": false, strings.Repeat("a", 100000): false,
	} {
		if got := backup.TooShort(authclient.NewSecret(text)); got != want {
			t.Errorf("%.20q is too short: %t", text, got)
		}
	}
}

// TestDefaultWorkFactor checks the cost of a file that the program writes, and that
// Read accepts it.
func TestDefaultWorkFactor(t *testing.T) {
	var b bytes.Buffer
	if err := backup.Write(&b, passphrase, nil, 0); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^age-encryption\.org/v1\n-> scrypt \S+ 18\n`).Match(b.Bytes()) {
		t.Errorf("the file begins with %.80q", b.Bytes())
	}
	if _, err := backup.Read(&b, passphrase); err != nil {
		t.Error(err)
	}
}

// FuzzRead checks that Read returns a known error or entries that can be written.
func FuzzRead(f *testing.F) {
	good := write(f, entries())
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add([]byte("age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 4\n"))
	// The fuzzer raises the work factor: from about 20, one file takes seconds. The files
	// above have one digit.
	costly := regexp.MustCompile(`scrypt \S+ \d\d`)
	f.Fuzz(func(t *testing.T, file []byte) {
		if costly.Match(file) {
			t.Skip("slow to read")
		}
		got, err := backup.Read(bytes.NewReader(file), passphrase)
		if err != nil {
			known := false
			for _, class := range []error{backup.ErrPassphrase, backup.ErrDamaged, backup.ErrForeign, backup.ErrNewer, backup.ErrTooBig} {
				known = known || errors.Is(err, class)
			}
			if !known || got != nil {
				t.Errorf("%d entries and %v", len(got), err)
			}
			return
		}
		write(t, got)
	})
}

// FuzzText checks the same of the encrypted text, which only somebody who knows the
// passphrase can write.
func FuzzText(f *testing.F) {
	first, err := json.Marshal(map[string]any{"amarre": "backup", "version": 1, "profiles": 1})
	if err != nil {
		f.Fatal(err)
	}
	text, err := profile.Encode(entries()[0].Profile, entries()[0].Secrets)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(append(append(first, '\n'), text...))
	f.Add([]byte(`{"amarre":"backup","version":1,"profiles":0}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := backup.Parse(text)
		if err == nil {
			write(t, got)
		} else if got != nil {
			t.Errorf("%d entries and %v", len(got), err)
		}
	})
}

func TestNewPassphrase(t *testing.T) {
	content, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	if bits := 5 * math.Log2(float64(len(words))); bits < 52 {
		t.Errorf("%d words give %.1f bits", len(words), bits)
	}
	word := regexp.MustCompile(`^[a-z]{4,8}$`)
	for i, w := range words {
		if !word.MatchString(w) || i > 0 && words[i-1] >= w {
			t.Errorf("%q after %q: not a word, twice or not sorted", w, words[max(i-1, 0)])
		}
	}
	seen := map[string]bool{}
	for range 100 {
		passphrase := backup.NewPassphrase()
		picked := strings.Split(passphrase.Reveal(), "-")
		for _, w := range picked {
			if _, ok := slices.BinarySearch(words, w); !ok {
				t.Errorf("%q is not in the list", w)
			}
		}
		if len(picked) != 5 || seen[passphrase.Reveal()] || backup.TooShort(passphrase) {
			t.Errorf("the passphrase has %d words, was there before or is too short", len(picked))
		}
		seen[passphrase.Reveal()] = true
	}
}
