package message_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/fileperm"
	"amarre/internal/message"
	"amarre/internal/policy"
)

// TestPolicySentences: policy errors name the file and the place.
func TestPolicySentences(t *testing.T) {
	texts, err := message.New("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err  policy.Error
		want string
	}{
		{policy.Error{Line: 3, Err: policy.ErrSyntax}, "line 3 is not valid TOML"},
		{policy.Error{Err: policy.ErrSyntax}, "a value is of the wrong kind"},
		{policy.Error{Key: "servces", Err: policy.ErrUnknownKey}, "no key “servces”"},
		{policy.Error{Key: "services", Err: policy.ErrService}, "at least one service address"},
		{policy.Error{Key: "services", Item: 2, Err: errors.Join(policy.ErrService, authclient.ErrAddressFragment)}, "address 2 of “services” cannot be used. " + texts.T("error.address_fragment")},
		{policy.Error{Key: "max_clipboard_seconds", Err: policy.ErrSeconds}, "between 10 and 300"},
		{policy.Error{Key: "ca_file", Err: policy.ErrCA}, "full path of a file that holds a certificate"},
		{policy.Error{Key: "ca_file", Err: errors.Join(policy.ErrCA, &authclient.CAError{File: "/srv/ca.cer", Err: errors.Join(policy.ErrUnreadable, fs.ErrNotExist)})}, "the file of “ca_file” cannot be used. “/srv/ca.cer” does not exist."},
		{policy.Error{Key: "ca_file", Err: errors.Join(policy.ErrUntrusted, &fs.PathError{Path: "/srv", Err: fileperm.ErrUntrusted})}, "could have written the file of “ca_file”: they can change “/srv”"},
		{policy.Error{Err: errors.Join(policy.ErrUntrusted, &fs.PathError{Path: "/etc/amarre", Err: fileperm.ErrUntrusted})}, "can change “/etc/amarre”"},
		{policy.Error{Err: policy.ErrUntrusted}, "can change “/etc/amarre/policy.toml”"},
		{policy.Error{Err: policy.ErrTooLarge}, "larger than 1 MiB"},
		{policy.Error{Err: policy.ErrUnreadable}, "cannot be read"},
	} {
		c.err.File = "/etc/amarre/policy.toml"
		if got := texts.Policy(&c.err); !strings.Contains(got, c.want) || !strings.Contains(got, c.err.File) {
			t.Errorf("%v: %q, want %q", &c.err, got, c.want)
		}
	}
}

// TestFirstByteWithoutItsTime: a time that was not taken is not in the report.
func TestFirstByteWithoutItsTime(t *testing.T) {
	for lang, words := range map[string]string{"en": "first byte", "fr": "premier octet"} {
		texts, err := message.New(lang)
		if err != nil {
			t.Fatal(err)
		}
		f := authclient.Finding{Step: authclient.StepHTTP, HTTPStatus: 401, Took: 42 * time.Millisecond}
		spaces := strings.NewReplacer("\u00a0", " ")
		if got := spaces.Replace(texts.Finding(f)); strings.Contains(got, words) || !strings.Contains(got, "401") || !strings.Contains(got, "(42 ms)") {
			t.Errorf("without the time: %q", got)
		}
		f.FirstByte = 7 * time.Millisecond
		if got := spaces.Replace(texts.Finding(f)); !strings.Contains(got, words) || !strings.Contains(got, " 7 ms") {
			t.Errorf("with the time: %q", got)
		}
	}
}

// TestProxySentences: a proxy is named with where its address was found, and a bad address with how
// it is written.
func TestProxySentences(t *testing.T) {
	for lang, words := range map[string]map[authclient.ProxySource]string{
		"en": {"HTTPS_PROXY": "the variable HTTPS_PROXY", authclient.ProxyFromSystem: "the system’s settings", authclient.ProxyFromScript: "script"},
		"fr": {"HTTPS_PROXY": "la variable HTTPS_PROXY", authclient.ProxyFromSystem: "les réglages du système", authclient.ProxyFromScript: "script"},
	} {
		texts, err := message.New(lang)
		if err != nil {
			t.Fatal(err)
		}
		for from, word := range words {
			found := texts.Finding(authclient.Finding{Step: authclient.StepProxy, Proxy: "proxy.example:3128", ProxyFrom: from})
			if !strings.Contains(found, "proxy.example:3128") || !strings.Contains(found, word) {
				t.Errorf("the proxy: %q", found)
			}
			bad := texts.Login(&authclient.Error{Outcome: authclient.OutcomeProxy, Reason: authclient.ReasonProxyAddress, ProxyFrom: from})
			for _, want := range []string{word, authclient.ProxyForm, "%25", texts.T("outcome.credentials")} {
				if !strings.Contains(bad, want) {
					t.Errorf("a bad address: %q, want %q", bad, want)
				}
			}
		}
	}
}

// TestEveryReasonHasItsSentence: in both languages, with the facts that belong to it.
func TestEveryReasonHasItsSentence(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		texts, err := message.New(lang)
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]authclient.Reason{}
		for outcome, reasons := range authclient.Reasons() {
			for _, reason := range reasons {
				e := &authclient.Error{
					Outcome: outcome, Reason: reason, HTTPStatus: 418, Host: "host.example", Subject: "Subject", Issuer: "Issuer", Rule: authclient.RulePathLength,
					Answered: "squid", ProxyHost: "proxy.example:3128", ProxyFrom: "HTTPS_PROXY", Schemes: []string{"NTLM", "Basic"},
				}
				sentence := texts.Login(e)
				if strings.Contains(sentence, "outcome.") || strings.Contains(sentence, "{{") || strings.Contains(sentence, "<no value>") || !strings.Contains(sentence, texts.T("outcome.credentials")) {
					t.Errorf("%s, %s, %s: %q", lang, outcome, reason, sentence)
				}
				if before, ok := said[sentence]; ok && before != reason {
					t.Errorf("%s: %s and %s are told alike", lang, before, reason)
				}
				said[sentence] = reason
			}
		}
		for _, rule := range authclient.Rules() {
			e := &authclient.Error{Outcome: authclient.OutcomeTLS, Reason: authclient.ReasonRule, Rule: rule}
			if sentence := texts.Login(e); !strings.Contains(sentence, texts.T("rule."+string(rule))) || strings.Contains(sentence, "rule.") {
				t.Errorf("%s: %q", lang, sentence)
			}
		}
	}
}

// TestSentencesNameTheCulprit: what a person has to look at is in the sentence, and what has
// nothing to do with it is not.
func TestSentencesNameTheCulprit(t *testing.T) {
	texts, err := message.New("en")
	if err != nil {
		t.Fatal(err)
	}
	at := "proxy.example:3128"
	for _, c := range []struct {
		err     authclient.Error
		with    []string
		without string
	}{
		{authclient.Error{Outcome: authclient.OutcomeProxy, Reason: authclient.ReasonProxyGateway, HTTPStatus: 503, ProxyHost: at}, []string{at, "503", "Check the service address"}, "Internet connection"},
		{authclient.Error{Outcome: authclient.OutcomeProxy, Reason: authclient.ReasonProxyGateway, ProxyHost: at}, []string{at, "could not reach the service."}, "HTTP"},
		{authclient.Error{Outcome: authclient.OutcomeProxy, Reason: authclient.ReasonProxyForbidden, HTTPStatus: 403, ProxyHost: at}, []string{"forbids", "403"}, "service address"},
		{authclient.Error{Outcome: authclient.OutcomeProxy, Reason: authclient.ReasonProxyPasswordMissing, HTTPStatus: 407, ProxyHost: at, Schemes: []string{"Negotiate", "NTLM"}}, []string{"Negotiate, NTLM", "none is known", authclient.ProxyForm}, ""},
		{authclient.Error{Outcome: authclient.OutcomeProxy, Reason: authclient.ReasonProxyPasswordWrong, ProxyHost: at, ProxyFrom: "HTTPS_PROXY"}, []string{"SOCKS 5", "the variable HTTPS_PROXY"}, "407"},
		{authclient.Error{Outcome: authclient.OutcomeProxy, Reason: authclient.ReasonProxyPage, HTTPStatus: 503, Answered: "squid/5.7"}, []string{"“squid/5.7”", "503"}, "DataComSys"},
		{authclient.Error{Outcome: authclient.OutcomeUnreachable, Reason: authclient.ReasonNameUnknown, Host: "logapas.example"}, []string{"logapas.example", "spelt"}, "Internet"},
		{authclient.Error{Outcome: authclient.OutcomeTLS, Reason: authclient.ReasonWrongHost, Subject: "wifi.hotel.example", Issuer: "R3"}, []string{"“wifi.hotel.example”", "portal"}, "root"},
		{authclient.Error{Outcome: authclient.OutcomeTLS, Reason: authclient.ReasonIncomplete, Issuer: "R3"}, []string{"chain is incomplete", "whoever runs the server"}, "inspects"},
		{authclient.Error{Outcome: authclient.OutcomeRedirected, Target: "https://portal.example/login"}, []string{"https://portal.example/login"}, ""},
		{authclient.Error{Outcome: authclient.OutcomeServiceError, HTTPStatus: 503, RetryAfter: time.Second}, []string{"wait 1 second."}, ""},
		{authclient.Error{Outcome: authclient.OutcomeServiceError, HTTPStatus: 429, RetryAfter: 150 * time.Second}, []string{"wait 3 minutes."}, ""},
	} {
		got := strings.ReplaceAll(texts.Login(&c.err), "\u00a0", " ")
		for _, want := range c.with {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q, want %q", c.err.Reason, got, want)
			}
		}
		if c.without != "" && strings.Contains(got, c.without) {
			t.Errorf("%s: %q has %q", c.err.Reason, got, c.without)
		}
	}
}
