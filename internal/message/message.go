// Package message makes sentences for the user of errors, outcomes and states. It is
// the one place that does: an error anywhere else is for developers.
//
//	texts, err := message.New(lang)
//	texts.T("form.port_code")   // any text of the catalogue (see package i18n)
//	texts.Login(err)            // how a login failed, and what to try
//	texts.Store(err)            // what the keyring or the list did not do
//
// Only a refusal by the service itself is a verdict on credentials, always in the same
// words. Every other sentence says that nothing was verified, and what to try.
package message

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"amarre/authclient"
	"amarre/internal/atomicfile"
	"amarre/internal/i18n"
	"amarre/internal/keyring"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/backup"
)

// Texts are the texts of one language and the sentences made with them. They may be
// used by several goroutines. [New] makes them.
type Texts struct{ *i18n.Texts }

// New loads the texts of a language. An unknown language is English.
func New(lang string) (*Texts, error) {
	texts, err := i18n.New(lang)
	if err != nil {
		return nil, err
	}
	return &Texts{texts}, nil
}

// Login says how a login ended that gave no token. A refusal is always the same
// text, whatever the server said.
func (t *Texts) Login(err error) string {
	switch authclient.OutcomeOf(err) {
	case authclient.OutcomeRefused:
		return t.T("login.refused")
	case authclient.OutcomeCancelled:
		return t.T("login.cancelled")
	}
	return t.failure(err, "outcome.credentials")
}

// Refusal is the sentence of Login for a refusal, as a title and what to do.
func (t *Texts) Refusal() (title, text string) {
	title, text, _ = strings.Cut(t.T("login.refused"), ". ")
	return title, text
}

// Check says why a token could not be checked.
func (t *Texts) Check(err error) string { return t.failure(err, "outcome.token") }

// Port names an account for people.
func (t *Texts) Port(a authclient.Account) string {
	if a.PortName == "" {
		return a.PortCode
	}
	return t.T("result.port", "Name", a.PortName, "Code", a.PortCode)
}

func (t *Texts) failure(err error, unverified string) string {
	if authority := authorityOf(err); authority != nil {
		return t.Authority(authority) + " " + t.T(unverified)
	}
	var e *authclient.Error
	if !errors.As(err, &e) {
		e = &authclient.Error{Outcome: authclient.OutcomeOf(err)}
	}
	key := "outcome." + string(e.Outcome)
	if e.Reason != "" {
		key += "." + string(e.Reason)
	}
	if e.Outcome == authclient.OutcomeRedirected && e.Target == "" {
		key += ".nowhere"
	}
	pairs := []any{
		"Status", e.HTTPStatus, "Target", e.Target, "Host", e.Host, "Subject", e.Subject, "Issuer", e.Issuer, "Answered", e.Answered,
		"Proxy", e.ProxyHost, "From", t.proxySource(e.ProxyFrom), "Form", authclient.ProxyForm, "Schemes", schemes(e),
		"HTTP", t.status(e.HTTPStatus),
	}
	if e.Rule != "" {
		pairs = append(pairs, "Rule", t.T("rule."+string(e.Rule)))
	}
	text := t.T("outcome.sentence", "What", t.T(key, pairs...), "Unverified", t.T(unverified), "Try", t.T(key+".try", pairs...))
	if e.RetryAfter > 0 {
		text += " " + t.T("outcome.retry_after", "Wait", t.wait(e.RetryAfter))
	}
	if e.Message != "" {
		text += "\n" + t.T("outcome.message", "Message", e.Message)
	}
	return text
}

// schemes names the schemes of authentication that a proxy offers.
func schemes(e *authclient.Error) string {
	if len(e.Schemes) > 0 {
		return strings.Join(e.Schemes, ", ")
	}
	if e.HTTPStatus == 0 {
		return "SOCKS 5"
	}
	return fmt.Sprintf("HTTP %d", e.HTTPStatus)
}

// status is an HTTP status in parentheses, with a space before it; "" for none.
func (t *Texts) status(status int) string {
	if status == 0 {
		return ""
	}
	return t.T("outcome.http", "Status", status)
}

// wait is a time to wait, in seconds below two minutes, else in minutes that are begun.
func (t *Texts) wait(d time.Duration) string {
	if seconds := int((d + time.Second - 1) / time.Second); seconds < 120 {
		return t.N("outcome.wait_seconds", seconds)
	}
	return t.N("outcome.wait_minutes", int((d+time.Minute-1)/time.Minute))
}

// proxySource names where the address of a proxy was found.
func (t *Texts) proxySource(from authclient.ProxySource) string {
	switch from {
	case authclient.ProxyFromSystem:
		return t.T("proxy.from_system")
	case authclient.ProxyFromScript:
		return t.T("proxy.from_script")
	case authclient.ProxyFromOption:
		return t.T("proxy.from_option")
	case "":
		return t.T("proxy.from_unknown")
	default:
		return t.T("proxy.from_variable", "Name", from)
	}
}

// Finding says how one step of a connection test went, as one or a few lines
// without a secret.
func (t *Texts) Finding(f authclient.Finding) string {
	ms := f.Took.Milliseconds()
	if f.Err != nil {
		unverified := "outcome.nothing_sent"
		if f.Err.MayHaveSent() {
			unverified = "outcome.nothing_verified"
		}
		why := t.failure(f.Err, unverified)
		if f.Step == authclient.StepService { // a judgement takes no time
			return t.T("diagnose.not_service", "Why", why)
		}
		return t.T("diagnose.failed", "Step", t.T("diagnose.step."+string(f.Step)), "Ms", ms, "Why", why)
	}
	switch f.Step {
	case authclient.StepProxy:
		if f.Proxy == "" {
			return t.T("diagnose.no_proxy")
		}
		if f.ProxyFrom == "" {
			return t.T("diagnose.proxy", "Proxy", f.Proxy)
		}
		return t.T("diagnose.proxy_from", "Proxy", f.Proxy, "From", t.proxySource(f.ProxyFrom))
	case authclient.StepDNS:
		return t.T("diagnose.dns", "Host", f.Host, "Addresses", strings.Join(f.Addresses, ", "), "Ms", ms)
	case authclient.StepTCP:
		return t.T("diagnose.tcp", "Remote", f.Remote, "Ms", ms)
	case authclient.StepTunnel:
		if f.Scheme == "" {
			return t.T("diagnose.tunnel", "Ms", ms)
		}
		return t.T("diagnose.tunnel_signed_in", "Scheme", f.Scheme, "Ms", ms)
	case authclient.StepTLS:
		root := "diagnose.root_added"
		if f.PublicRoot {
			root = "diagnose.root_public"
		}
		text := t.T("diagnose.tls", "Version", f.TLSVersion, "Subject", f.Subject, "Issuer", f.Issuer, "Root", t.T(root),
			"Until", f.NotAfter.Format(t.T("date.short")), "Ms", ms)
		if f.SmallHello {
			text += "\n" + t.T("diagnose.small_hello")
		}
		return text
	case authclient.StepHTTP:
		server := f.Server
		if server == "" {
			server = t.T("diagnose.unnamed")
		}
		key := "diagnose.http"
		if f.FirstByte == 0 {
			key = "diagnose.http_untimed"
		}
		return t.T(key, "Status", f.HTTPStatus, "Server", server, "First", f.FirstByte.Milliseconds(), "Ms", ms)
	default:
		return t.T("diagnose.service")
	}
}

// Proxy says what is wrong with the address of a proxy: an error of [authclient.CheckProxy].
func (t *Texts) Proxy(err error) string {
	if errors.Is(err, authclient.ErrProxyPassword) {
		return t.T("error.proxy_password")
	}
	return t.T("error.proxy_address", "Form", authclient.ProxyFormPlain)
}

// Address says what is wrong with the address of a service.
func (t *Texts) Address(err error) string {
	return t.textFor(err, "error.address_syntax", []class{
		{authclient.ErrAddressEmpty, "error.address_empty"},
		{authclient.ErrAddressPlainHTTP, "error.address_plain_http"},
		{authclient.ErrAddressScheme, "error.address_scheme"},
		{authclient.ErrAddressUserInfo, "error.address_user_info"},
		{authclient.ErrAddressFragment, "error.address_fragment"},
		{authclient.ErrAddressHost, "error.address_host"},
	})
}

// Store says why the keyring or the list did not do what was asked, and what to try.
// The key of the sentence is the class of the error.
func (t *Texts) Store(err error) string {
	var path *fs.PathError
	switch class := keyring.ClassOf(err); {
	case errors.Is(err, context.Canceled) && class != keyring.ClassUnknown:
		return t.T("store.cancelled")
	case class == profile.ClassList && errors.Is(err, syscall.ENOSPC):
		return t.T("store.list_full")
	case class == profile.ClassList && errors.As(err, &path) && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)):
		return t.T("store.list_rights", "Folder", filepath.Dir(path.Path))
	case class == "":
		return t.T("store." + string(keyring.ClassUnknown))
	case errors.Is(err, profile.ErrMayBeClosed):
		return t.T("store.missing_or_closed")
	default:
		var e *keyring.Error
		errors.As(err, &e)
		return t.T("store."+string(class), "Place", e.Place)
	}
}

// Keyring says what a state of the keyring means and what to do in the program that keeps
// it; "" if that is not known.
func (t *Texts) Keyring(state keyring.State, product keyring.Product) string {
	key := "keyring.advice." + string(state)
	switch state {
	case keyring.Locked, keyring.NoService, keyring.NoCollection:
		if product == keyring.KeePassXC || product == keyring.KDE {
			key += "." + string(product)
		}
	}
	return t.T(key)
}

// Notice says what a call waits for.
func (t *Texts) Notice(n profile.Notice) string {
	if n.Wait == profile.WaitForEach {
		return t.N("wait.each", n.Items)
	}
	return t.T("wait." + string(n.Wait))
}

// SelfTest says how one step of a test of the keyring went, as one line.
func (t *Texts) SelfTest(step keyring.SelfTestStep, product keyring.Product) string {
	ms := step.Took.Milliseconds()
	switch {
	case step.Name == keyring.StepState:
		return t.T("trial.state", "Advice", t.Keyring(step.State, product))
	case step.Err != nil:
		return t.T("trial.failed", "Step", t.T("trial.step."+string(step.Name)), "Ms", ms, "Why", t.Store(step.Err))
	default:
		return t.T("trial.done", "Step", t.T("trial.step."+string(step.Name)), "Ms", ms)
	}
}

// Rebuilt says what making the list again did; "" if there is nothing to say.
func (t *Texts) Rebuilt(done profile.Rebuilt) string {
	var lines []string
	if done.Aside != "" {
		lines = append(lines, t.N("rebuilt.broken", done.Found))
	} else if done.Found > 0 {
		lines = append(lines, t.N("rebuilt.found", done.Found))
	}
	if done.Missing > 0 {
		lines = append(lines, t.N("rebuilt.missing", done.Missing))
	}
	if done.Foreign > 0 {
		lines = append(lines, t.N("rebuilt.foreign", done.Foreign))
	}
	return strings.Join(lines, " ")
}

// Environment names an environment.
func (t *Texts) Environment(e profile.Environment) string {
	if e == profile.Test {
		return t.T("environment.test")
	}
	return t.T("environment.production")
}

// LastCheck says what the service last said of a profile's token, and when.
func (t *Texts) LastCheck(p profile.Profile) string {
	switch {
	case p.Missing:
		return t.T("checked.missing")
	case p.Checked.IsZero() || p.Check == "":
		return t.T("checked.none")
	default:
		return t.T("checked."+string(p.Check), "Date", p.Checked.Local().Format(t.T("date.short")))
	}
}

// Checked says what an answer to Client.Account means for a profile.
func (t *Texts) Checked(p profile.Profile, account authclient.Account, err error) string {
	verdict := profile.VerdictOf(p, account, err)
	if verdict == "" {
		return t.Check(err)
	}
	return t.T("cli.check."+string(verdict), "Port", t.Port(account))
}

// Export says why an export file could not be written.
func (t *Texts) Export(err error) string {
	if profile.IsInvalid(err) {
		return t.Store(err)
	}
	return t.T("backup.unwritable")
}

// Settings says that the user's choices could not be read, and what follows.
func (t *Texts) Settings(err error) string {
	var e *settings.Error
	if !errors.As(err, &e) {
		return t.T("settings.unreadable", "File", settings.Path(""))
	}
	key := "settings.unreadable"
	if errors.Is(err, settings.ErrSyntax) {
		key = "settings.syntax"
	}
	return t.T(key, "File", e.File)
}

// NoFolder says which variable is missing where the system does not tell where the user's
// files are.
func (t *Texts) NoFolder(err *settings.DirError) string {
	return t.T("error.no_folder", "Variable", err.Variable)
}

// SaveAs says why a file could not be written where the user wants it.
func (t *Texts) SaveAs(path string, err error) string {
	key := keyFor(err, "", []class{
		{atomicfile.ErrIsFolder, "file.folder"},
		{atomicfile.ErrNotRegular, "file.not_regular"},
		{atomicfile.ErrNoFolder, "file.no_folder"},
		{fs.ErrExist, "file.exists"},
		{fs.ErrPermission, "file.rights"},
		{syscall.EROFS, "file.rights"},
		{syscall.ENOSPC, "file.full"},
	})
	if key == "" {
		return t.Export(err)
	}
	return t.T(key, "File", path)
}

// Backup says why an export file could not be read.
func (t *Texts) Backup(err error) string {
	var line *backup.LineError
	if errors.As(err, &line) {
		why := t.textFor(err, "backup.line.profile", []class{
			{backup.ErrSyntax, "backup.line.syntax"},
			{backup.ErrDuplicateMember, "backup.line.twice"},
			{backup.ErrCount, "backup.line.count"},
		})
		return t.T("backup.line", "Line", line.Line, "Why", why)
	}
	return t.textFor(err, "backup.unreadable", []class{
		{backup.ErrPassphrase, "backup.passphrase"},
		{backup.ErrDamaged, "backup.damaged"},
		{backup.ErrForeign, "backup.foreign"},
		{backup.ErrNewer, "backup.newer"},
		{backup.ErrTooBig, "backup.too_big"},
		{backup.ErrTooCostly, "backup.too_costly"},
	})
}

// SlowBackup says that reading a file takes more than usual.
func (t *Texts) SlowBackup(file *backup.File) string {
	return t.T("backup.slow", "Memory", file.Memory()>>20)
}

// ImportConflict says what the service says of the two tokens of a conflict: the saved
// one, and that of the entry of an import. A verdict is "" if there is none.
func (t *Texts) ImportConflict(saved, entry profile.Profile, keptVerdict, fileVerdict profile.Verdict) string {
	verdict := func(v profile.Verdict) string { return t.T("import.conflict." + cmp.Or(string(v), "unknown")) }
	date := func(p profile.Profile) string { return p.TokenSet.Local().Format(t.T("date.short")) }
	return t.T("import.conflict.text", "Kept", date(saved), "KeptVerdict", verdict(keptVerdict), "File", date(entry), "FileVerdict", verdict(fileVerdict))
}

// class is a kind of error and its text.
type class struct {
	err error
	key string
}

// textFor returns the text of the first class that err is of.
func (t *Texts) textFor(err error, otherwise string, classes []class) string {
	return t.T(keyFor(err, otherwise, classes))
}

// keyFor returns the key of the first class that err is of.
func keyFor(err error, otherwise string, classes []class) string {
	for _, c := range classes {
		if errors.Is(err, c.err) {
			return c.key
		}
	}
	return otherwise
}

// Verdict says what the service last said of a token; "" means that it was never asked.
func (t *Texts) Verdict(v profile.Verdict) string {
	return t.T("verdict." + string(cmp.Or(v, "none")))
}

// Both says which of two tokens of a profile works, and what that means for the ERP.
func (t *Texts) Both(saved, fresh profile.Verdict) string {
	works := func(v profile.Verdict) bool { return v == profile.Accepted }
	switch {
	case saved == "" || fresh == "":
		return t.T("differs.unknown")
	case works(saved) && works(fresh):
		return t.T("differs.both")
	case works(fresh):
		return t.T("differs.new_only")
	case works(saved):
		return t.T("differs.old_only")
	}
	return t.T("differs.neither")
}

// Stamp writes a time to the second.
func (t *Texts) Stamp(at time.Time) string { return at.Format(t.T("date.short") + " " + time.TimeOnly) }

// When names a time for a sentence, as people do: today, yesterday, or the date.
func (t *Texts) When(at, now time.Time) string {
	at, now = at.Local(), now.Local()
	day := func(of time.Time) string { return of.Format(time.DateOnly) }
	switch day(at) {
	case day(now):
		return t.T("date.today", "Time", at.Format("15:04"))
	case day(now.AddDate(0, 0, -1)):
		return t.T("date.yesterday", "Time", at.Format("15:04"))
	}
	return t.T("date.on", "Date", at.Format(t.T("date.short")))
}

// Moment names a time with its date and its hour.
func (t *Texts) Moment(at time.Time) string {
	at = at.Local()
	return t.T("date.moment", "Date", at.Format(t.T("date.short")), "Time", at.Format("15:04"))
}
