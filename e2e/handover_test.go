//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"
)

// TestHandOver: the token in the form that the ERP wants, and what the ERP holds
// compared, by keyboard.
func TestHandOver(t *testing.T) {
	r := newRig(t, "fr-handover")
	r.begin()
	r.obtain("SET", "Port de Sète")
	r.key("ctrl+shift+a")
	r.focused("menu", "")
	r.shot("copy-as")
	r.key("Down", "Down") // the first is highlighted
	r.on("item", "format.env")
	r.key("Return")
	r.countdown()
	env := r.clipboard()
	_, token, found := strings.Cut(env, "LOGAPASS_TOKEN='")
	token = strings.TrimSuffix(token, "'\n")
	if !found || len(token) != 38 || !strings.HasPrefix(env, "LOGAPASS_URL='http://127.0.0.1:") || !strings.Contains(env, "LOGAPASS_CODE_PORT='SET'\nLOGAPASS_ID_ERP='15'\n") {
		t.Fatalf("the clipboard holds %d characters of another form", len(env))
	}
	r.key("ctrl+shift+v")
	r.question(r.text("erp.title"))
	r.focused("button", r.text("erp.paste"))
	r.shot("compare")
	r.key("Return")
	r.says("band", "la copie faite par Amarre")
	for held, want := range map[string]string{
		token:                 "Identique",
		"Bearer " + token:     "«\u00a0Bearer\u00a0» est écrit devant",
		token[:33] + "\r\n":   "il manque 5\u00a0caractères",
		"Token=" + token[1:]:  "il manque 1\u00a0caractère",
		`{"token":"autre"}`:   "Autre chose",
		"'" + token + "'\r\n": "l’entourent",
	} {
		r.setClipboard(held)
		r.key("Return")
		r.says("band", want)
	}
	r.shot("compared")
	r.key("Escape")
	r.closed()
	r.searchFor(r.home, token)
}

// TestClipboardX11: what another program finds on the clipboard, and what is left
// when the program is killed (docs/security.md 18 to 20).
func TestClipboardX11(t *testing.T) {
	r := newRig(t, "clipboard")
	r.begin()
	r.obtain("SET", "Port de Sète")
	r.key("Return")
	r.countdown()
	target := func(selection, name string) string {
		out, err := r.runShort("xclip", "-selection", selection, "-t", name, "-o")
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	targets := strings.Fields(target("clipboard", "TARGETS"))
	for _, want := range []string{"TARGETS", "UTF8_STRING", "STRING", "TEXT", "text/plain;charset=utf-8", "x-kde-passwordManagerHint"} {
		if !slices.Contains(targets, want) {
			t.Errorf("the targets are %v, not %s", targets, want)
		}
	}
	token := target("clipboard", "UTF8_STRING")
	if len(token) != 38 || target("clipboard", "STRING") != token || target("clipboard", "TEXT") != token {
		t.Errorf("the clipboard has %d characters, or others in another target", len(token))
	}
	if got := target("clipboard", "x-kde-passwordManagerHint"); got != "secret" {
		t.Errorf("the hint is %q", got)
	}
	if got := target("primary", "UTF8_STRING"); got != "" {
		t.Errorf("PRIMARY holds %d characters", len(got))
	}

	// What another program copies is not destroyed.
	r.setClipboard("of another program")
	r.cleared()
	if got := r.clipboard(); got != "of another program" {
		t.Errorf("the clipboard holds %d characters of something else", len(got))
	}

	// Pasted into the window itself, and gone with a program that is killed.
	r.key("ctrl+shift+c")
	r.until("the token on the clipboard", func() bool { return r.clipboard() == token })
	r.key("F2")
	r.page("edit")
	r.click("entry", r.text("result.note"))
	r.key("ctrl+v")
	r.waitFor("entry", r.text("result.note"), "what was pasted", func(w widget) bool { return w.Text == token })
	if err := r.program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.program.Wait()
	if got := r.clipboard(); got != "" {
		t.Errorf("after a crash the clipboard holds %d characters", len(got))
	}
}
