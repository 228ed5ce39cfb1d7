package policy

import (
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/fileperm"
)

func TestParse(t *testing.T) {
	p, err := Parse("\ufeff# for everybody\r\nservices = [\"https://LOGAPASS.example/ws/\", 'sandbox.example']\nforbid_saving_passwords = true\nmax_clipboard_seconds = 20\nca_file = '" + absolute + "'\n")
	if err != nil || !slices.Equal(p.Services, []string{"https://logapass.example/ws", "https://sandbox.example"}) || !p.NoPasswords || p.MaxClear != 20*time.Second || p.CAFile != absolute {
		t.Fatalf("the policy is %+v, %v", p, err)
	}
	for service, want := range map[string]error{
		"https://logapass.example/ws": nil, "logapass.example/ws/": nil, "HTTPS://sandbox.example": nil,
		"https://logapass.example": ErrNotAllowed, "https://evil.example": ErrNotAllowed, "https://logapass.example/ws?test": ErrNotAllowed,
	} {
		if got := p.Allows(address(t, service)); got != want {
			t.Errorf("%s: %v, want %v", service, got, want)
		}
	}
	if p.ClearAfter(45*time.Second) != 20*time.Second || p.ClearAfter(10*time.Second) != 10*time.Second || !p.Restricts() {
		t.Error("the delay is not capped")
	}
	none, err := Parse("")
	if err != nil || none.Restricts() || none.Allows(address(t, "https://any.example")) != nil || none.ClearAfter(time.Minute) != time.Minute {
		t.Errorf("an empty file fixes %+v, %v", none, err)
	}
}

// TestBroken: a file that is not understood wholly is an error, with the place.
func TestBroken(t *testing.T) {
	for text, want := range map[string]Error{
		"services = [":                            {Line: 1, Err: ErrSyntax},
		"# a comment\n\nservices = 'a' 'b'":       {Line: 3, Err: ErrSyntax},
		"forbid_saving_passwords = \"yes\"":       {Err: ErrSyntax},
		"services = \"https://logapass.example\"": {Err: ErrSyntax},
		"forbid_saving_password = true":           {Key: "forbid_saving_password", Err: ErrUnknownKey},
		"Services = ['https://logapass.example']": {Key: "Services", Err: ErrUnknownKey}, // the decoder takes it
		"services = ['https://logapass.example']\nSERVICES = ['https://evil.example']": {Key: "SERVICES", Err: ErrUnknownKey},
		"[clipboard]\nmax = 3":                                             {Key: "clipboard", Err: ErrUnknownKey},
		"services = [\"http://logapass.example\"]":                         {Key: keyServices, Item: 1, Err: ErrService},
		"services = ['https://logapass.example', 'https://u:p@x.example']": {Key: keyServices, Item: 2, Err: ErrService},
		"services = []":                             {Key: keyServices, Err: ErrService},
		"max_clipboard_seconds = 5":                 {Key: keySeconds, Err: ErrSeconds},
		"max_clipboard_seconds = 0":                 {Key: keySeconds, Err: ErrSeconds},
		"max_clipboard_seconds = 301":               {Key: keySeconds, Err: ErrSeconds},
		"max_clipboard_seconds = 99999999999999999": {Key: keySeconds, Err: ErrSeconds},
		"max_clipboard_seconds = 18446744104":       {Key: keySeconds, Err: ErrSeconds}, // 30 s once it has overflowed
		"ca_file = \"inspection.pem\"":              {Key: keyCA, Err: ErrCA},
	} {
		p, err := Parse(text)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(e, want.Err) || want.Key != "" && e.Key != want.Key || want.Line != 0 && e.Line != want.Line || e.Item != want.Item {
			t.Errorf("%q: %+v, want %+v", text, err, want)
		}
		if p.Restricts() {
			t.Errorf("%q: a broken file fixes %+v", text, p)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "policy.toml")
	if p, err := load(path, os.Open); err != nil || p.Restricts() || p.File != "" {
		t.Errorf("without a file the policy is %+v, %v", p, err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("forbid_saving_passwords = true")
	if p, err := load(path, os.Open); err != nil || !p.NoPasswords || p.File != path {
		t.Errorf("the policy is %+v, %v", p, err)
	}
	for opening, want := range map[error]error{fileperm.ErrUntrusted: ErrUntrusted, fileperm.ErrNotRegular: ErrUnreadable, fs.ErrPermission: ErrUnreadable} {
		if p, err := load(path, func(string) (*os.File, error) { return nil, opening }); !errors.Is(err, want) || p.Restricts() {
			t.Errorf("%v: the policy is %+v, %v", opening, p, err)
		}
	}
	if _, err := load(dir, os.Open); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a folder in the place of the file: %v", err)
	}
	write("forbid_saving_passwords = true\n#" + strings.Repeat(" ", 1<<20))
	if p, err := load(path, os.Open); !errors.Is(err, ErrTooLarge) || p.Restricts() {
		t.Errorf("a file of more than 1 MiB: %+v, %v", p, err)
	}
}

// TestLoadAuthority: the file of an authority is opened once, in the same way as the policy,
// and what it held then is what is used.
func TestLoadAuthority(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	dir := t.TempDir()
	path, ca := filepath.Join(dir, "policy.toml"), filepath.Join(dir, "ca.cer")
	for name, content := range map[string][]byte{path: []byte("ca_file = '" + ca + "'"), ca: server.Certificate().Raw} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var opened []string
	p, err := load(path, func(path string) (*os.File, error) { opened = append(opened, path); return os.Open(path) })
	if err != nil || p.CAFile != ca || len(p.Authorities) != 1 || !p.Authorities[0].Equal(server.Certificate()) {
		t.Errorf("the policy is %+v, %v", p, err)
	}
	if !slices.Equal(opened, []string{path, ca}) {
		t.Errorf("opened %q, want each file once", opened)
	}
	var e *Error
	p, err = load(path, func(path string) (*os.File, error) {
		if path == ca {
			return nil, fileperm.ErrUntrusted
		}
		return os.Open(path)
	})
	if !errors.Is(err, ErrUntrusted) || !errors.As(err, &e) || e.Key != keyCA || e.File != path || p.Restricts() {
		t.Errorf("an authority that anybody can replace: %+v, %v", p, err)
	}
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, make([]byte, 1<<20+1), 0o644); err != nil {
		t.Fatal(err)
	}
	for named, want := range map[string]error{path: authclient.ErrCANone, large: authclient.ErrCATooLarge, filepath.Join(dir, "missing"): fs.ErrNotExist} {
		other := filepath.Join(dir, "other.toml")
		if err := os.WriteFile(other, []byte("ca_file = '"+named+"'"), 0o644); err != nil {
			t.Fatal(err)
		}
		var file *authclient.CAError
		_, err := load(other, os.Open)
		if !errors.Is(err, ErrCA) || !errors.Is(err, want) || !errors.As(err, &e) || e.File != other || e.Key != keyCA || !errors.As(err, &file) || file.File != named {
			t.Errorf("%s: %v, want %v", named, err, want)
		}
	}
}

// FuzzParse: whatever a file holds, it is understood wholly or not at all.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "services = ['https://x.example']", "max_clipboard_seconds = 30", "forbid_saving_passwords = true", "[a.b]\nc = 1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		var e *Error
		if err != nil && (!errors.As(err, &e) || p.Restricts()) {
			t.Errorf("%q: %+v, %v", text, p, err)
		}
		if p.MaxClear != 0 && (p.MaxClear < 10*time.Second || p.MaxClear > 300*time.Second) {
			t.Errorf("%q: %v", text, p.MaxClear)
		}
	})
}

func address(t *testing.T, text string) authclient.Address {
	t.Helper()
	address, err := authclient.ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return address
}
