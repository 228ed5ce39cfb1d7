package handover_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/joho/godotenv"
	"gopkg.in/ini.v1"
	"pgregory.net/rapid"

	"amarre/authclient"
	"amarre/internal/handover"
	"amarre/profile"
)

const token = "XK7Q2MPLR9TVWXYZ0123456789ABCDEFGHIJKL"

func sete() profile.Profile {
	return profile.Profile{Name: "Port de Sète", Service: "https://logapass.example/wsv_LogapassClientV2/wsv_Logapass?test", PortCode: "SET", ERPID: 15}
}

// parse reads a text of a format back with a parser of that format.
var parse = map[handover.Format]func(t testingT, text string) (url, port, erp, token string){
	handover.Token: func(_ testingT, text string) (string, string, string, string) { return "", "", "", text },
	handover.Header: func(_ testingT, text string) (string, string, string, string) {
		return "", "", "", strings.TrimPrefix(text, "Authorization: ")
	},
	handover.Env: func(t testingT, text string) (string, string, string, string) {
		values, err := godotenv.Unmarshal(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return values["LOGAPASS_URL"], values["LOGAPASS_CODE_PORT"], values["LOGAPASS_ID_ERP"], values["LOGAPASS_TOKEN"]
	},
	handover.JSON: func(t testingT, text string) (string, string, string, string) {
		var v struct {
			URL      string      `json:"url"`
			PortCode string      `json:"codePort"`
			ERPID    json.Number `json:"idERP"`
			Token    string      `json:"token"`
		}
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return v.URL, v.PortCode, v.ERPID.String(), v.Token
	},
	handover.INI: func(t testingT, text string) (string, string, string, string) {
		file, err := ini.Load([]byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		s := file.Section("Logapass")
		return s.Key("URL").String(), s.Key("CodePort").String(), s.Key("IdERP").String(), s.Key("Token").String()
	},
	handover.WLangage: func(t testingT, text string) (string, string, string, string) {
		values := map[string]string{}
		literal := regexp.MustCompile(`^(\w+) est (?:une chaîne|un entier sur 8 octets) = (?:"((?:[^"]|"")*)"|(\d+))$`)
		for line := range strings.Lines(text) {
			found := literal.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			if found == nil {
				t.Fatalf("not a declaration: %q", line)
			}
			values[found[1]] = strings.ReplaceAll(found[2], `""`, `"`) + found[3]
		}
		return values["sLogapassURL"], values["sLogapassCodePort"], values["nLogapassIdERP"], values["sLogapassToken"]
	},
}

// TestRenderedFormatsParse: what a format holds is what it was given; what it cannot hold is
// refused.
func TestRenderedFormatsParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := sete()
		p.PortCode = rapid.StringMatching(`[!-~éÉ]{3}`).Draw(t, "port")
		p.ERPID = rapid.Int64Range(1, 1<<62).Draw(t, "erp")
		secret := rapid.StringMatching(`[!-~]{1,60}`).Draw(t, "token")
		for _, format := range handover.Formats() {
			if !format.IsSecret() {
				continue
			}
			text, err := handover.Render(format, p, authclient.NewSecret(secret))
			if errors.Is(err, handover.ErrUnsupportedValue) {
				if !strings.ContainsAny(secret+p.PortCode, "'\"`\\;#") && !strings.Contains(secret+p.PortCode, "[%") {
					t.Fatalf("%s refuses %q, %q", format, p.PortCode, secret)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			url, port, erp, got := parse[format](t, text.Reveal())
			if got != secret {
				t.Fatalf("%s: the token %q came back as %q from\n%s", format, secret, got, text.Reveal())
			}
			if url != "" && (url != p.Service || port != p.PortCode || erp != jsonNumber(p.ERPID)) {
				t.Fatalf("%s: %q %q %q came back as %q %q %q", format, p.Service, p.PortCode, jsonNumber(p.ERPID), url, port, erp)
			}
		}
	})
}

// testingT is a test, of package testing or of rapid.
type testingT interface {
	Fatalf(format string, args ...any)
}

func jsonNumber(n int64) string {
	text, _ := json.Marshal(n) // never fails
	return string(text)
}

// TestEnvInAShell: sh reads the lines as they are meant.
func TestEnvInAShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	odd := `!"#$%&()*+,-./:;<=>?@[]^_{|}~` + "`"
	text, err := handover.Render(handover.Env, sete(), authclient.NewSecret(odd))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(sh, "-c", text.Reveal()+`printf '%s' "$LOGAPASS_TOKEN"`)
	if out, err := cmd.Output(); err != nil || string(out) != odd {
		t.Errorf("sh has %q, %v", out, err)
	}
}

// TestCurlHoldsNoSecret, and reads the header from its input.
func TestCurlHoldsNoSecret(t *testing.T) {
	text, err := handover.Render(handover.Curl, sete(), authclient.NewSecret(token))
	if err != nil || strings.Contains(text.Reveal(), token) {
		t.Fatalf("the command holds the token, or %v", err)
	}
	if want := `curl --header @- "https://logapass.example/wsv_LogapassClientV2/wsv_Logapass/account?test"`; text.Reveal() != want {
		t.Errorf("the command is %s, want %s", text.Reveal(), want)
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	dir := t.TempDir()
	stub := "#!/bin/sh\nfor a in \"$@\"; do echo \"[$a]\"; done\n"
	if err := os.WriteFile(filepath.Join(dir, "curl"), []byte(stub), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(sh, "-c", text.Reveal())
	cmd.Env = []string{"PATH=" + dir + ":/bin:/usr/bin"}
	if out, err := cmd.Output(); err != nil || string(out) != "[--header]\n[@-]\n[https://logapass.example/wsv_LogapassClientV2/wsv_Logapass/account?test]\n" {
		t.Errorf("curl is given %q, %v", out, err)
	}
	dollar := sete()
	dollar.Service = "https://logapass.example/$HOME"
	if _, err := handover.Render(handover.Curl, dollar, authclient.NewSecret(token)); !errors.Is(err, handover.ErrUnsupportedValue) {
		t.Errorf("an address that a shell would change: %v", err)
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name, held string
		want       handover.Match
		missing    int
	}{
		{"identical", token, handover.Identical, 0},
		{"empty", "", handover.Nothing, 0},
		{"spaces", "  \n", handover.Nothing, 0},
		{"bearer", "Bearer " + token, handover.Bearer, 0},
		{"small bearer, quoted", `"bearer ` + token + `"`, handover.Bearer, 0},
		{"quotes", `"` + token + `"`, handover.Surrounded, 0},
		{"French quotes", "« " + token + " »", handover.Surrounded, 0},
		{"a space", token + " ", handover.Surrounded, 0},
		{"a line break", token + "\r\n", handover.Surrounded, 0},
		{"a no-break space", "\u00a0" + token, handover.Surrounded, 0},
		{"cut at the end", token[:32], handover.Truncated, 6},
		{"cut at the beginning", token[3:], handover.Truncated, 3},
		{"cut and quoted", `'` + token[:30] + `'`, handover.Truncated, 8},
		{"too short to tell", token[:7], handover.Different, 0},
		{"another case", strings.ToLower(token), handover.LetterCase, 0},
		{"something else", "0123", handover.Different, 0},
		{"a header", "Authorization: " + token, handover.Identical, 0},
		{"a header with bearer", "Authorization: Bearer " + token, handover.Bearer, 0},
		{"a header cut", "authorization:" + token[:20], handover.Truncated, 18},
		{".env", "# x\nLOGAPASS_URL='https://a'\nLOGAPASS_TOKEN='" + token + "'\n", handover.Identical, 0},
		{".env with a space inside", "LOGAPASS_TOKEN='" + token + " '\n", handover.Surrounded, 0},
		{"export", "export LOGAPASS_TOKEN=" + token, handover.Identical, 0},
		{"INI", "[Logapass]\r\nURL=https://a\r\nToken = " + token + "\r\n", handover.Identical, 0},
		{"INI with another", "[Logapass]\nURL=https://a\nToken=OTHER\n", handover.Different, 0},
		{"JSON", `{"a":{"b":["x",{"token":"` + token + `"}]}}`, handover.Identical, 0},
		{"JSON with bearer", `{"token":"Bearer ` + token + `"}`, handover.Bearer, 0},
		{"JSON with a line break", `{"token":"` + token + `\n"}`, handover.Surrounded, 0},
		{"WLangage", `sLogapassToken est une chaîne = "` + token + `"`, handover.Identical, 0},
	} {
		match, missing := compare(c.held, token)
		if match != c.want || missing != c.missing {
			t.Errorf("%s: %s, %d missing; want %s, %d", c.name, match, missing, c.want, c.missing)
		}
	}
	for _, format := range handover.Formats() {
		if !format.IsSecret() {
			continue
		}
		text, err := handover.Render(format, sete(), authclient.NewSecret(token))
		if err != nil {
			t.Fatal(err)
		}
		if match, _ := compare(text.Reveal(), token); match != handover.Identical {
			t.Errorf("what was handed over as %s compares as %s", format, match)
		}
	}
}
