package cli_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"amarre/authclient/authtest"
	"amarre/cli"
)

// TestPipedPassword: a password on standard input is sent as its text, whatever encoding of
// Unicode an editor or a shell gave it. What is not one line of text is never sent.
func TestPipedPassword(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	const password, other, decomposed = "Fourni par DataComSys, é €", "Fournié", "Fournie\u0301"
	server, err := authtest.Start([]authtest.Account{
		{PortCode: "MTP", ERPID: 15, Password: password},
		{PortCode: "SET", ERPID: 15, Password: other},
		{PortCode: "AGD", ERPID: 15, Password: decomposed},
		{PortCode: "LGM", ERPID: 15, Password: "👩\u200d🔧"},
	}, authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	encoded := func(e encoding.Encoding, text string) string {
		out, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	le, be := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for _, c := range []struct {
		name, given string
		port        string // "": nothing is sent
		why         string // a part of it
	}{
		{name: "UTF-8", given: password, port: "MTP"},
		{name: "line break", given: password + "\n", port: "MTP"},
		{name: "line break of Windows", given: password + "\r\n", port: "MTP"},
		{name: "byte order mark", given: "\ufeff" + password + "\r\n", port: "MTP"},
		{name: "UTF-16", given: "\xff\xfe" + encoded(le, password+"\r\n"), port: "MTP"},
		{name: "UTF-16, big-endian", given: "\xfe\xff" + encoded(be, password+"\n"), port: "MTP"},
		{name: "UTF-16 without a mark", given: encoded(le, other+"\r\n"), port: "SET"},
		{name: "UTF-16 without a mark, big-endian", given: encoded(be, other), port: "SET"},
		{name: "decomposed, as it is", given: decomposed, port: "AGD"},
		{name: "joined emoji", given: "👩\u200d🔧", port: "LGM"},

		{name: "Windows-1252", given: encoded(charmap.Windows1252, password), why: "neither UTF-8 nor UTF-16"},
		{name: "code page 850", given: encoded(charmap.CodePage850, other), why: "neither UTF-8 nor UTF-16"},
		{name: "UTF-16 cut", given: "\xff\xfe" + encoded(le, other) + "x", why: "neither UTF-8 nor UTF-16"},
		{name: "UTF-16, half a character", given: "\xff\xfe\x3d\xd8a\x00", why: "neither UTF-8 nor UTF-16"},
		{name: "UTF-32", given: encoded(utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), other), why: "cannot be seen"},
		{name: "a replaced character", given: "Fourni\ufffd", why: "neither UTF-8 nor UTF-16"},
		{name: "zeros", given: "\x00\x00\x00\x00", why: "cannot be seen"},
		{name: "zero", given: password + "\x00", why: "cannot be seen"},
		{name: "tab", given: password + "\t\n", why: "cannot be seen"},
		{name: "escape", given: "\x1b[D" + password, why: "cannot be seen"},
		{name: "line break of old", given: password + "\r", why: "cannot be seen"},
		{name: "zero-width space", given: "\u200b" + password, why: "cannot be seen"},
		{name: "a second byte order mark", given: "\ufeff\ufeff" + password, why: "cannot be seen"},
		{name: "joiner", given: "Four\u200dni", why: "cannot be seen"},
		{name: "line separator", given: "Four\u2028ni", why: "cannot be seen"},
		{name: "two lines", given: password + "\n" + password + "\n", why: "more than one line"},
		{name: "an empty line more", given: password + "\n\n", why: "more than one line"},
		{name: "a line before", given: "\n" + password, why: "more than one line"},
		{name: "too long", given: strings.Repeat("a", 64<<10+1), why: "longer than 64 KiB"},
		{name: "nothing", given: "\r\n", why: "Enter the password"},
		{name: "a mark alone", given: "\xff\xfe", why: "Enter the password"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := server.Logins()
			port, want := c.port, cli.ExitOK
			if port == "" {
				port, want = "MTP", cli.ExitUsage
			}
			status, errs := loginFrom(server.URL, port, strings.NewReader(c.given))
			if status != want || !strings.Contains(errs, c.why) || strings.Contains(errs, "Fourni") {
				t.Errorf("status %d, stderr %q; want %d, %q", status, errs, want, c.why)
			}
			if sent := server.Logins() - before; c.port == "" && sent > 0 {
				t.Errorf("%d requests", sent)
			}
		})
	}
	before := server.Logins()
	if status, errs := loginFrom(server.URL, "MTP", endless{}); status != cli.ExitUsage || !strings.Contains(errs, "longer than 64 KiB") || server.Logins() != before {
		t.Errorf("without an end: status %d, stderr %q", status, errs)
	}
}

func loginFrom(service, port string, stdin io.Reader) (status int, stderr string) {
	var out, errs bytes.Buffer
	status = cli.Main([]string{"login", "--lang=en", "--service=" + service, "--erp=15", "--password-stdin", "--port=" + port},
		cli.Program{Stdin: stdin, Stdout: &out, Stderr: &errs})
	return status, errs.String()
}

// endless is read without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}
