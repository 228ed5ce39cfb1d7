package authclient_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"amarre/authclient"
)

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  string // the address
		login string // "" means want + /Auth/Login
		err   error
	}{
		{text: "https://logapass.example", want: "https://logapass.example"},
		{text: " https://LogaPass.Example:443/ \u00a0\r\n", want: "https://logapass.example"},
		{text: "logapass.example", want: "https://logapass.example"},
		{text: "logapass.example:8443/ws/", want: "https://logapass.example:8443/ws"},
		{text: "https://test.example/wsv_LogapassClientV2/wsv_Logapass?test", want: "https://test.example/wsv_LogapassClientV2/wsv_Logapass?test", login: "https://test.example/wsv_LogapassClientV2/wsv_Logapass/Auth/Login?test"},
		{text: "https://a.example/ws/Auth/Login?x=1&y=%20", want: "https://a.example/ws?x=1&y=%20", login: "https://a.example/ws/Auth/Login?x=1&y=%20"},
		{text: "https://a.example/a%2Fb", want: "https://a.example/a%2Fb"},
		{text: "https://port-sète.example", want: "https://xn--port-ste-60a.example"},
		{text: "https://a.example.", want: "https://a.example"},
		{text: "http://127.0.0.1:8080", want: "http://127.0.0.1:8080"},
		{text: "http://localhost", want: "http://localhost"},
		{text: "http://[::1]:80/x", want: "http://[::1]/x"},
		{text: "https://[2001:db8::1]:444", want: "https://[2001:db8::1]:444"},
		{text: "https://log_a_pass.Port.example", want: "https://log_a_pass.port.example"},
		{text: "https://a!b.example", err: authclient.ErrAddressHost},
		{text: "https://a<b>.example", err: authclient.ErrAddressHost},
		{text: "https://[fe80::1%25eth0]", err: authclient.ErrAddressHost},
		{text: "https://[fe80::1]", want: "https://[fe80::1]"},
		{text: "  ", err: authclient.ErrAddressEmpty},
		{text: "http://logapass.example", err: authclient.ErrAddressPlainHTTP},
		{text: "http://127.0.0.1.example", err: authclient.ErrAddressPlainHTTP},
		{text: "http://localhost.example", err: authclient.ErrAddressPlainHTTP},
		{text: "ftp://a.example", err: authclient.ErrAddressScheme},
		{text: "file:///etc/passwd", err: authclient.ErrAddressScheme},
		{text: "https://user@a.example", err: authclient.ErrAddressUserInfo},
		{text: "https://user:pass@a.example", err: authclient.ErrAddressUserInfo},
		{text: "https://a.example/#x", err: authclient.ErrAddressFragment},
		{text: "https://a.example/#", err: authclient.ErrAddressFragment},
		{text: "https://", err: authclient.ErrAddressHost},
		{text: "https://:443", err: authclient.ErrAddressHost},
		{text: "https://a_b c.example", err: authclient.ErrAddressSyntax},
		{text: "https://a.example/\u0007", want: "https://a.example"},
		{text: "https://a.example/\u0007x", err: authclient.ErrAddressSyntax},
		{text: "https://a.example\\@b.example", err: authclient.ErrAddressSyntax},
		{text: "https://a.example:99999x", err: authclient.ErrAddressSyntax},
		{text: "https://a.example:99999", err: authclient.ErrAddressSyntax},
		{text: "https://a.example:0", err: authclient.ErrAddressSyntax},
		{text: "https://a.example:", want: "https://a.example"},
		{text: "https://-a-.example", err: authclient.ErrAddressHost},
	} {
		address, err := authclient.ParseAddress(c.text)
		if !errors.Is(err, c.err) || err == nil && address.String() != c.want {
			t.Errorf("ParseAddress(%q) is %q, %v; want %q, %v", c.text, address, err, c.want, c.err)
			continue
		}
		if c.login == "" && c.err == nil {
			c.login = c.want + "/Auth/Login"
		}
		if err == nil && address.LoginURL() != c.login {
			t.Errorf("login URL of %q is %q, want %q", c.text, address.LoginURL(), c.login)
		}
		if err == nil {
			if again, err := authclient.ParseAddress(address.String()); err != nil || again != address {
				t.Errorf("%q parsed again is %q, %v", address, again, err)
			}
		}
	}
}

func TestParseFields(t *testing.T) {
	for text, want := range map[string]string{
		"MTP": "MTP", " mtp\u00a0": "mtp", "SÈT": "SÈT", "1-2": "1-2", "\u200bMTP\r\n": "MTP",
		"": "", "MT": "", "MTPX": "", "M P": "", "M\u0007P": "", "M\u202eP": "",
	} {
		got, err := authclient.ParsePortCode(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParsePortCode(%q) is %q, %v; want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]int64{
		"15": 15, " 15\u202f": 15, "9223372036854775807": 9223372036854775807, "007": 7,
		"": 0, "0": 0, "-1": 0, "+1": 0, "1.5": 0, "1e3": 0, "9223372036854775808": 0, "1 5": 0, "١٥": 0,
	} {
		got, err := authclient.ParseERPID(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("ParseERPID(%q) is %d, %v; want %d", text, got, err, want)
		}
	}
}

// TestSecretIsNeverPrinted: docs/security.md 26, in every path a Go program has.
func TestSecretIsNeverPrinted(t *testing.T) {
	const canary = "CANARY-7f3a"
	secret := authclient.NewSecret(canary)
	type exported struct{ Secret authclient.Secret }
	type hidden struct{ secret authclient.Secret }
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "secret", secret, "in", exported{secret}, "hidden", hidden{secret})
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "secret", secret, "in", exported{secret})
	inJSON, err := json.Marshal(map[string]any{"a": secret, "b": exported{secret}, "c": &secret})
	if err != nil {
		t.Fatal(err)
	}
	outputs := []string{logged.String(), string(inJSON), secret.String(), secret.GoString(), fmt.Sprint(errors.New(secret.String()))}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%T", "%10.3s"} {
		for _, value := range []any{secret, &secret, exported{secret}, &exported{secret}, hidden{secret}, []authclient.Secret{secret}, map[string]authclient.Secret{"k": secret}, fmt.Errorf("wrapped: %v", secret)} {
			outputs = append(outputs, fmt.Sprintf(verb, value))
		}
	}
	for _, output := range outputs {
		for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), "CAN"} {
			if strings.Contains(output, form) {
				t.Errorf("the secret is in %q", output)
			}
		}
	}
	if secret.Reveal() != canary || !secret.Equal(authclient.NewSecret(canary)) || secret.Equal(authclient.Secret{}) {
		t.Error("Reveal or Equal is wrong")
	}
	if zero := (authclient.Secret{}); !zero.IsZero() || zero.Reveal() != "" || !authclient.NewSecret("").IsZero() {
		t.Error("the zero secret is not empty")
	}
}
