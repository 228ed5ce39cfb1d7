package message

import (
	"cmp"
	"errors"
	"strings"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/internal/policy"
	"amarre/internal/service"
)

// List says why a list of ports could not be read, and where.
func (t *Texts) List(err error) string {
	var e *bulk.Error
	if !errors.As(err, &e) {
		return t.T("bulk.list.damaged")
	}
	why := t.T("bulk.list."+string(e.Problem), "Kind", e.Text)
	switch {
	case e.Row > 0 && e.Column > 0:
		return t.T("bulk.list.at_column", "Row", e.Row, "Column", e.Column, "Why", why)
	case e.Row > 0:
		return t.T("bulk.list.at", "Row", e.Row, "Why", why)
	}
	return why
}

// Column names what a column of a list holds.
func (t *Texts) Column(c bulk.Column) string {
	return t.T("bulk.column." + cmp.Or(string(c), "ignored"))
}

// Row says of a row of a list whether it can be sent, in a few words.
func (t *Texts) Row(row bulk.Reviewed) string {
	key := "bulk.row." + string(row.Verdict)
	switch row.Verdict {
	case bulk.WrongLength:
		return t.N(key, row.Length)
	case bulk.Duplicate:
		return t.T(key, "Row", row.SameAs)
	case bulk.OtherService:
		return t.T(key, "Host", row.Profile.Host())
	case bulk.Ready:
		if !row.Token.IsZero() {
			return t.T("bulk.row.ready_token")
		}
	}
	return t.T(key)
}

// Line says how far a row of a run is, in a few words.
func (t *Texts) Line(line bulk.Line) string {
	key := "bulk.state." + string(line.State)
	switch line.State {
	case bulk.NotVerified:
		return t.T(key, "Why", t.shortly(line.Err))
	case bulk.NotSaved, bulk.NoToken:
		return t.T(key, "Why", t.Store(line.Err))
	case bulk.OtherPort:
		return t.T(key, "Port", t.Port(line.Account))
	case bulk.Works:
		if line.Renamed() {
			return t.T("bulk.state.works_named", "Port", line.Account.PortName)
		}
	case bulk.Saved:
		if line.Outcome != authclient.OutcomeToken {
			return t.T("bulk.state.saved_unverified")
		}
	}
	return t.T(key)
}

// shortly says in a few words why the service gave no verdict.
func (t *Texts) shortly(err error) string {
	if errors.Is(err, policy.ErrNotAllowed) || errors.Is(err, service.ErrNotDemo) {
		return t.T("bulk.why.not-allowed")
	}
	key, status := "bulk.why."+string(authclient.OutcomeOf(err)), 0
	var e *authclient.Error
	if errors.As(err, &e) {
		status = e.HTTPStatus
	}
	if e != nil && e.Outcome == authclient.OutcomeNotTheService && status != 0 {
		key += "_status"
	}
	return t.T(key, "Status", status)
}

// Stop says why a run stopped before its end, and what to do. logins says that it was one of
// log-ins, not of checks.
func (t *Texts) Stop(stop bulk.Stop, logins bool) string {
	key := "bulk.stop." + string(stop.Reason)
	switch stop.Reason {
	case bulk.Keyring:
		return t.T(key, "Why", t.Store(stop.Err))
	case bulk.Silent:
		return t.T(key, "Host", stop.Host, "Why", t.Check(stop.Err))
	case bulk.Refusals:
		if !logins {
			return t.T("bulk.stop.refusals_check", "Host", stop.Host)
		}
	case bulk.TooMany:
		return t.T(key, "Host", stop.Host, "Time", stop.Until.Local().Format("15:04:05"))
	}
	return t.T(key, "Host", stop.Host)
}

// Summary joins the parts of [bulk.Report.Summary].
func (t *Texts) Summary(parts []string) string { return strings.Join(parts, t.T("list.separator")) }

var _ bulk.Words = (*Texts)(nil)
