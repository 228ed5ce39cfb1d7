package presenter

import (
	"context"
	"slices"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/internal/keyring"
	"amarre/profile"
)

// Step is how far the page ManyPorts is.
type Step int

// The steps.
const (
	NoStep    Step = iota // there is no list and no run
	Listing               // a list is pasted, or a file is chosen
	Reviewing             // every row has a verdict; nothing was sent
	Working               // the run runs
	Worked                // it has stopped
)

// Many is what the page ManyPorts shows: a list of ports, or a run over many. It stays while
// another page is shown.
type Many struct {
	Step Step

	// Of Listing and Reviewing. Text may have passwords.
	Text     authclient.Secret
	Problem  string // why the list could not be read
	Columns  []bulk.Column
	Rows     []bulk.Reviewed // what has to be corrected first
	Identity ManyIdentity
	Problems map[Field]string // of Identity

	// Of Working and Worked.
	Logins bool // tokens are obtained for a list; else those of saved ports are checked
	Lines  []bulk.Line
	Left   int           // lines that are still to be done
	About  time.Duration // how long that takes, or 0
	Stop   bulk.Stop     // of Worked
	Began  time.Time
	Ended  time.Time
}

// ManyIdentity is what is typed once for all rows.
type ManyIdentity struct {
	Service  string
	ERPID    string
	Password authclient.Secret
}

// many is the state of the page.
type many struct {
	Many
	table    *bulk.Table
	given    []bulk.Row        // as they are corrected, in the order of Rows
	gone     []profile.Profile // listed, and the keyring has no token: see bulk.Gone
	looked   map[string]bool   // by ID: whether that was found out
	services []string          // to which the user has allowed credentials to be sent
	reviews  int               // the number of reviews begun
	reviewed int               // the last one that has ended
	obtain   bool              // once the rows are those of what is typed
	run      *bulk.Run
	cancel   context.CancelFunc
}

// Many returns what the page ManyPorts shows. Callers do not change it.
func (p *Presenter) Many() *Many { return &p.many.Many }

// ManyPorts shows the page for many ports: what it has been left with, or an empty list.
func (p *Presenter) ManyPorts() {
	defer p.action()()
	if p.Blocked() {
		return
	}
	p.unlessUnsaved(func() {
		if m := &p.many; m.Step == NoStep || m.Step == Worked && p.unsavedTokens() == 0 && m.Left == 0 {
			p.newList()
		}
		p.showMany()
	})
}

func (p *Presenter) showMany() {
	p.leave()
	clear(p.list.marked)
	p.form = p.newForm()
	p.update(FormPart | MarksPart | ManyPart)
	p.show(ManyPorts)
	p.focusOn(ToPrimary, 0)
}

// newList begins a list.
func (p *Presenter) newList() {
	p.many = many{looked: map[string]bool{}, Many: Many{Step: Listing, Logins: true, Identity: ManyIdentity{Service: p.nextService()}, Problems: map[Field]string{}}}
	p.update(ManyPart)
}

// TypeList takes the text of the list.
func (p *Presenter) TypeList(text authclient.Secret) {
	defer p.action()()
	if m := &p.many; m.Step == Listing {
		m.Text, m.Problem = text, ""
		p.update(ManyPart)
	}
}

// ReadList reads the text of the list.
func (p *Presenter) ReadList() {
	text := p.many.Text
	p.readList(func(context.Context) ([]byte, error) { return []byte(text.Reveal()), nil })
}

// ReadListFile reads a list from a file, whose content read gives.
func (p *Presenter) ReadListFile(read func(ctx context.Context) ([]byte, error)) { p.readList(read) }

func (p *Presenter) readList(read func(ctx context.Context) ([]byte, error)) {
	defer p.action()()
	if p.Blocked() || p.many.Step != Listing || p.page != ManyPorts {
		return
	}
	p.Run(p.t.T("many.reading"), TaskOptions{}, func(ctx context.Context) func() {
		content, err := read(ctx)
		var table *bulk.Table
		problem := ""
		switch {
		case err != nil:
			problem = p.t.T("many.unreadable")
		default:
			if table, err = bulk.Read(content); err != nil {
				problem = p.t.List(err)
			}
		}
		cancelled := ctx.Err() != nil
		return func() {
			m := &p.many
			if cancelled || m.Step != Listing {
				return
			}
			m.Problem = problem
			p.update(ManyPart)
			if err != nil {
				p.focusOn(ToPrimary, 0)
				return
			}
			m.Step, m.table, m.Columns = Reviewing, table, slices.Clone(table.Columns)
			p.takeRows()
			if !table.HasPortCodes() {
				m.Problem = p.t.List(&bulk.Error{Problem: bulk.NoPortCodes})
			}
		}
	})
}

// Sample returns the heading of a column of the list and its first cell, masked if it is
// secret.
func (p *Presenter) Sample(column int) (heading, cell string) { return p.many.table.Sample(column) }

// SetColumns says what the columns of the list hold.
func (p *Presenter) SetColumns(columns []bulk.Column) {
	defer p.action()()
	m := &p.many
	if m.Step != Reviewing || len(columns) != len(m.table.Columns) {
		return
	}
	m.table.Columns, m.Columns, m.Problem = slices.Clone(columns), slices.Clone(columns), ""
	if !m.table.HasPortCodes() {
		m.Problem = p.t.List(&bulk.Error{Problem: bulk.NoPortCodes})
	}
	p.takeRows()
}

// takeRows takes the rows of the table, and puts those first that have to be corrected.
func (p *Presenter) takeRows() {
	m := &p.many
	m.given = m.table.Rows()
	p.review(func(rows []bulk.Reviewed) {
		slices.SortStableFunc(rows, func(a, b bulk.Reviewed) int { return place(a) - place(b) })
		m.given = m.given[:0]
		for _, row := range rows {
			m.given = append(m.given, row.Row)
		}
	})
}

// findGone looks for saved ports of the list whose token the keyring does not have. It asks
// nobody to unlock it.
func (p *Presenter) findGone(rows []bulk.Reviewed) {
	m := &p.many
	rows = slices.DeleteFunc(slices.Clone(rows), func(row bulk.Reviewed) bool {
		return row.Verdict != bulk.AlreadySaved || m.looked[row.Profile.ID]
	})
	if p.keyring != keyring.Ready || len(rows) == 0 {
		return
	}
	for _, row := range rows {
		m.looked[row.Profile.ID] = true
	}
	table := m.table
	p.inBackground(func() func() {
		gone := bulk.Gone(context.Background(), p.deps.Store, rows) // each call has a timeout
		return func() {
			if len(gone) > 0 && p.many.table == table {
				p.many.gone = append(p.many.gone, gone...)
				p.review(nil)
			}
		}
	})
}

// place returns the place of a row among the others: problems, then what is sent, then what is
// left out.
func place(row bulk.Reviewed) int {
	switch {
	case ManyNeedsFixing(row):
		return 0
	case row.Verdict == bulk.AlreadySaved || row.Verdict == bulk.LeftOut:
		return 2
	}
	return 1
}

// ManyNeedsFixing reports whether a row has to be corrected, and not only something typed that
// is the same for all rows.
func ManyNeedsFixing(row bulk.Reviewed) bool {
	return row.Verdict.IsProblem() && row.Verdict != bulk.NoPassword && row.Verdict != bulk.NoERPID && row.Verdict != bulk.NoService
}

// review judges the rows again, in the background: there may be 100,000. first is called with
// them before they are shown; nil for nothing.
func (p *Presenter) review(first func([]bulk.Reviewed)) {
	m := &p.many
	m.reviews++
	number, given := m.reviews, slices.Clone(m.given)
	saved := slices.DeleteFunc(slices.Clone(p.list.all), func(of profile.Profile) bool {
		return slices.ContainsFunc(m.gone, func(gone profile.Profile) bool { return gone.ID == of.ID })
	})
	identity := bulk.Identity{Service: m.Identity.Service, ERPID: m.Identity.ERPID, Password: m.Identity.Password,
		Services: append(slices.Clone(m.services), p.Services()...), Allowed: p.deps.Clients.Allowed}
	p.inBackground(func() func() {
		rows := bulk.Review(given, identity, saved)
		return func() {
			if m := &p.many; number == m.reviews && m.Step == Reviewing {
				if first != nil {
					first(rows)
					p.focusOn(ToPrimary, 0) // which depends on the rows
				}
				m.Rows, m.reviewed = rows, number
				p.update(ManyPart)
				p.findGone(rows)
				if m.obtain {
					p.ObtainMany()
				}
			}
		}
	})
}

// TypeIdentity takes what is typed for all rows: Service or ERPID.
func (p *Presenter) TypeIdentity(field Field, text string) {
	defer p.action()()
	m := &p.many
	if m.Step != Reviewing {
		return
	}
	switch field {
	case Service:
		m.Identity.Service = text
	case ERPID:
		m.Identity.ERPID = text
	}
	delete(m.Problems, field)
	p.update(ManyPart)
	p.review(nil)
}

// TypeManyPassword takes the password of all rows that have none.
func (p *Presenter) TypeManyPassword(password authclient.Secret) {
	defer p.action()()
	m := &p.many
	if m.Step != Reviewing || m.Identity.Password.Equal(password) {
		return
	}
	m.Identity.Password = password
	delete(m.Problems, Password)
	p.update(ManyPart)
	p.review(nil)
}

// CorrectRow changes the port code and the ERP ID of a row.
func (p *Presenter) CorrectRow(index int, portCode, erpID string) {
	p.changeRow(index, func(row *bulk.Row) { row.PortCode, row.ERPID, row.LeftOut = portCode, erpID, false })
}

// LeaveRowOut leaves a row out, or takes it back.
func (p *Presenter) LeaveRowOut(index int, out bool) {
	p.changeRow(index, func(row *bulk.Row) { row.LeftOut = out })
}

func (p *Presenter) changeRow(index int, change func(*bulk.Row)) {
	defer p.action()()
	m := &p.many
	if m.Step != Reviewing || index < 0 || index >= len(m.given) {
		return
	}
	change(&m.given[index])
	p.review(nil)
}

// OtherServices returns the addresses in the list to which nothing is sent before the user
// allows it.
func (p *Presenter) OtherServices() []string {
	var others []string
	for _, row := range p.many.Rows {
		if row.Verdict == bulk.OtherService && !slices.Contains(others, row.Profile.Service) {
			others = append(others, row.Profile.Service)
		}
	}
	return others
}

// AllowService allows credentials of the list to be sent to an address in it.
func (p *Presenter) AllowService(address string) {
	defer p.action()()
	if m := &p.many; m.Step == Reviewing {
		m.services = append(m.services, address)
		p.review(nil)
	}
}

// ManyCounts returns how many rows of the list would be sent, have to be corrected, and are
// left out.
func (p *Presenter) ManyCounts() (ready, toFix, out int) {
	for _, row := range p.many.Rows {
		switch place(row) {
		case 0:
			toFix++
		case 1:
			ready++
		default:
			out++
		}
	}
	return ready, toFix, out
}

// BackToList returns from the rows to the text of the list.
func (p *Presenter) BackToList() {
	defer p.action()()
	if m := &p.many; m.Step == Reviewing && !p.Blocked() {
		m.Step, m.Problem = Listing, ""
		p.update(ManyPart)
		p.focusOn(ToPrimary, 0)
	}
}

// ObtainMany gets a token for each row that can be sent.
func (p *Presenter) ObtainMany() {
	defer p.action()()
	m := &p.many
	if p.Blocked() || m.Step != Reviewing {
		return
	}
	if m.obtain = m.reviewed != m.reviews; m.obtain { // the rows are not yet those of what is typed
		return
	}
	m.Problems = map[Field]string{}
	for _, row := range m.Rows {
		switch row.Verdict {
		case bulk.NoERPID:
			m.Problems[ERPID] = p.t.T("error.erp_id")
		case bulk.NoPassword:
			m.Problems[Password] = p.t.T("error.password")
		case bulk.NoService:
			m.Problems[Service] = p.t.T("many.no_service")
		}
	}
	p.update(ManyPart)
	for _, field := range []Field{Service, ERPID, Password} {
		if m.Problems[field] != "" {
			p.focusOn(ToField, field)
			return
		}
	}
	rows := m.Rows
	if ready, _, _ := p.ManyCounts(); ready == 0 {
		return
	}
	var services []string
	for _, row := range rows {
		services = append(services, row.Profile.Service)
	}
	p.startRun(true, services, func(deps bulk.Deps) *bulk.Run { return bulk.Obtain(deps, rows) })
}

// CloseMany ends the page for many ports. What would be lost is asked about.
func (p *Presenter) CloseMany() {
	defer p.action()()
	if p.Blocked() || p.working() {
		return
	}
	p.unlessManyLost(func() {
		p.many = many{}
		p.update(ManyPart | ListPart)
		if p.under() == ManyPorts {
			p.turn(p.startPage())
			p.focusOn(ToList, 0)
		}
	})
}

// unlessManyLost calls then. If tokens, a list, or what is left of one would be lost, it asks
// first.
func (p *Presenter) unlessManyLost(then func()) {
	m := &p.many
	lost := ""
	switch n := p.unsavedTokens(); {
	case n > 0:
		lost = p.t.N("many.lost", n)
	case m.Step == Reviewing, m.Step == Listing && strings.TrimSpace(m.Text.Reveal()) != "", m.Step == Worked && m.Logins && m.Left > 0:
		lost = p.t.T("many.list_lost")
	default:
		then()
		return
	}
	p.ask(Question{Title: p.t.T("unsaved.title"), Text: lost, Answers: []Answer{{Text: p.t.T("unsaved.discard"), Do: then}, {Text: p.t.T("unsaved.stay")}}})
}

// startPage returns the page that is shown while nothing is open.
func (p *Presenter) startPage() Page {
	if len(p.list.all) == 0 {
		return Editing
	}
	return Overview
}

// forgetMany discards the secrets of a list that nobody has worked on for some time. What the
// run has still to save stays.
func (p *Presenter) forgetMany() bool {
	m := &p.many
	switch {
	case m.Step == Listing && !m.Text.IsZero(), m.Step == Reviewing && slices.ContainsFunc(m.Columns, bulk.Column.Secret):
		p.newList()
		return true
	case m.Step == Reviewing && !m.Identity.Password.IsZero():
		m.Identity.Password = authclient.Secret{}
		p.update(ManyPart)
		p.review(nil)
		return true
	}
	return false
}

// AskAgain obtains a token for a row although one is saved, or not.
func (p *Presenter) AskAgain(index int, again bool) {
	p.changeRow(index, func(row *bulk.Row) { row.Again = again })
}
