package policy

import (
	"encoding/pem"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"amarre/authclient"
)

func yes(string) (bool, error) { return true, nil }

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
	if p, err := load(path, yes); err != nil || p.Restricts() || p.File != "" {
		t.Errorf("without a file the policy is %+v, %v", p, err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("forbid_saving_passwords = true")
	if p, err := load(path, yes); err != nil || !p.NoPasswords || p.File != path {
		t.Errorf("the policy is %+v, %v", p, err)
	}
	for name, trusted := range map[string]func(string) (bool, error){
		"somebody else's": func(string) (bool, error) { return false, nil },
		"unknown":         func(string) (bool, error) { return true, os.ErrPermission },
	} {
		if p, err := load(path, trusted); !errors.Is(err, ErrUntrusted) || p.Restricts() {
			t.Errorf("%s: the policy is %+v, %v", name, p, err)
		}
	}
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o644); err != nil {
		t.Fatal(err)
	}
	write("ca_file = '" + ca + "'")
	if p, err := load(path, yes); err != nil || p.CAFile != ca {
		t.Errorf("the policy is %+v, %v", p, err)
	}
	var e *Error
	notCA := func(path string) (bool, error) { return path != ca, nil }
	if p, err := load(path, notCA); !errors.Is(err, ErrUntrusted) || !errors.As(err, &e) || e.Key != keyCA || p.Restricts() {
		t.Errorf("an authority that anybody can replace: %+v, %v", p, err)
	}
	write("ca_file = '" + path + "'")
	if _, err := load(path, yes); !errors.Is(err, ErrCA) || !errors.As(err, &e) || e.File != path || e.Key != keyCA {
		t.Errorf("a file without a certificate: %v", err)
	}
	if _, err := load(dir, yes); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a folder in the place of the file: %v", err)
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
