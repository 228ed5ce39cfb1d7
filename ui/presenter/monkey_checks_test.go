package presenter

import (
	"slices"
	"strings"

	"amarre/bulk"
	"amarre/internal/keyring"
	"amarre/profile"
)

// check checks what must hold after every action.
func (m *monkey) check() {
	m.t.Helper()
	for token, port := range m.service.Issued() {
		m.ports[token] = port
	}
	m.checkSession()
	if m.wrong != "" {
		m.fail("%s", m.wrong)
	}
	m.checkLost()
	if m.closed {
		m.checkClosing()
		return
	}
	m.checkOpen()
	m.checkBoard()
	m.checkForm()
	b := m.before
	switch {
	case b.question != nil && m.question != nil && m.question != b.question && !strings.Contains(m.log[len(m.log)-1], "answer"):
		m.fail("the question %q was replaced without an answer", b.question.Text)
	case b.task != nil && m.task != b.task && b.task.stopTick != nil:
		m.fail("the task %q began or ended while %q runs", m.taskText(), b.task.Text)
	}
	if m.task == nil && len(m.work) == 0 {
		m.checkProfiles()
	}
}

func (m *monkey) taskText() string {
	if m.task == nil {
		return ""
	}
	return m.task.Text
}

// checkOpen checks that what is open is whole, and that its token is of its port.
func (m *monkey) checkOpen() {
	c := m.cred
	if m.page == Reading && c == nil {
		m.fail("the page shows a port, and none is open")
	}
	if m.under() == Editing && m.form.Mode == EditPort && (c == nil || c.Profile.ID != m.form.Profile.ID || c.Unsaved()) {
		m.fail("a port is edited that is not open")
	}
	if c == nil {
		return
	}
	token := c.Secrets.Token.Reveal()
	shown := strings.Join(m.Groups(), "")
	switch {
	case shown != "" && shown != token:
		m.fail("it shows %s, the token is %s", shown, token)
	case token == "" && (c.State == Saved || c.State == Obtained || c.State == Differs), token != "" && (c.State == Opening || c.State == Missing || c.State == Forgotten):
		m.fail("in state %d the token is %q", c.State, token)
	case token != "" && m.ports[token] != c.Profile.PortCode:
		m.fail("the token %s is of %q, and %s is open", token, m.ports[token], c.Profile.PortCode)
	case c.State == Saved && !m.saved[c.Profile.ID][token]:
		m.fail("the token %s is shown as saved in %q, which never had it", token, c.Profile.ID)
	case c.State == Differs && (c.Stored.IsZero() || c.Stored.Equal(c.Secrets.Token)):
		m.fail("two tokens are to be compared, and there is one")
	}
}

// checkBoard checks that what was copied is the token of what is open.
func (m *monkey) checkBoard() {
	if m.board.text == m.before.board || m.board.text == "" {
		return
	}
	for token := range m.ports {
		if strings.Contains(m.board.text, token) && (m.cred == nil || m.cred.Secrets.Token.Reveal() != token) {
			m.fail("it copied %s, which is not the token of what is open", token)
		}
	}
}

// checkLost checks that no token that is not saved is lost without a yes.
func (m *monkey) checkLost() {
	b := m.before
	running := m.runTokens(bulk.NotSaved, bulk.Differs, bulk.Running)
	for token := range m.held {
		here := m.cred != nil && m.cred.Secrets.Token.Reveal() == token || running[token]
		switch {
		case m.kept[token], m.given[token]:
			delete(m.held, token)
		case !here && b.cred != nil && b.cred.Verdict == profile.Refused && b.cred.Secrets.Token.Reveal() == token:
			delete(m.held, token) // it is worth nothing
		case !here && !(m.closed && m.mayClose):
			m.fail("the token %s is lost", token)
		}
	}
	for token := range running {
		if !m.kept[token] && !m.given[token] {
			m.held[token] = true
		}
	}
	if c := m.cred; c != nil && c.Unsaved() && !m.kept[c.Secrets.Token.Reveal()] && !m.given[c.Secrets.Token.Reveal()] {
		m.held[c.Secrets.Token.Reveal()] = true
	}
}

// checkSession notes what is kept for the session.
func (m *monkey) checkSession() {
	if m.before.closed {
		return // what it lost with a yes is not kept again
	}
	session := m.deps.Store.Session()
	list, _ := session.List()
	for _, each := range list {
		if secrets, err := session.Load(m.t.Context(), each); err == nil {
			m.keep(each.ID, secrets.Token)
		}
	}
}

// checkProfiles checks that every profile is kept, or can be restored, unless the other window
// deleted it. No work runs.
func (m *monkey) checkProfiles() {
	items := m.ring.Items()
	session, _ := m.deps.Store.Session().List()
	for id := range m.known {
		_, kept := items[id]
		if kept || m.gone[id] || slices.ContainsFunc(session, func(each profile.Profile) bool { return each.ID == id }) {
			continue
		}
		undoable := slices.ContainsFunc(m.removed, func(d deletion) bool {
			return slices.ContainsFunc(d, func(one profile.Deletion) bool { return one.Profile.ID == id })
		})
		if !undoable || !m.CanUndo() {
			m.fail("the profile %s is lost, and its deletion cannot be undone (asked: %v)", id, m.asked[id])
		}
	}
}

// checkForm checks that changes of a saved port are not lost without a yes.
func (m *monkey) checkForm() {
	b := m.before
	action := m.log[len(m.log)-1]
	if !b.editing || m.under() == Editing && m.form.Mode == EditPort && (m.form.text() == b.form.text() || m.form.edited()) {
		return
	}
	for _, yes := range []string{"answer", "message", "type", "environment", "keep", "password"} {
		if strings.Contains(strings.Split(action, "->")[0], yes) {
			return
		}
	}
	text := b.form.text()
	name := text.texts[Name]
	for _, saved := range []func() bool{
		func() bool { return m.form.text().texts[Name] == name }, // in the form for the token of a profile that is gone
		func() bool { return m.gone[b.form.Profile.ID] && !b.cred.HasToken() },
		func() bool { return b.form.text() == b.form.was },      // only the password
		func() bool { return m.overwritten[b.form.Profile.ID] }, // saved, and lost elsewhere
		func() bool {
			return m.asked[b.form.Profile.ID] && m.ring.Items()[b.form.Profile.ID] == "" && m.CanUndo()
		}, // typed while it was deleted
		func() bool {
			for _, item := range m.ring.Items() {
				if to, _, err := profile.DecodeItem(item); err == nil && to.SameCredential(b.form.Profile) && to.Name == name {
					return true
				}
			}
			session, _ := m.deps.Store.Session().List()
			return slices.ContainsFunc(session, func(each profile.Profile) bool { return each.ID == b.form.Profile.ID && each.Name == name })
		},
	} {
		if saved() {
			return
		}
	}
	m.fail("the changes of %q are lost", name)
}

// checkClosing checks that the window was closed with a yes, if anything is lost by it.
func (m *monkey) checkClosing() {
	if m.before.closed {
		return
	}
	session, _ := m.deps.Store.Session().List()
	items := m.ring.Items()
	for id := range m.known {
		_, kept := items[id]
		if kept || m.gone[id] {
			continue
		}
		if !m.mayClose {
			m.fail("it was closed without a question, and %s is lost", id)
		}
		m.gone[id] = true
	}
	for _, each := range session {
		m.gone[each.ID] = true
	}
}

// checkKept checks, once all has ended and nothing goes wrong, that what is open is what is
// kept, and that the list has every item.
func (m *monkey) checkKept() {
	items := m.ring.Items()
	list, err := m.other.List()
	if err == nil {
		m.broken = false
	}
	for id, text := range items {
		if _, _, itemErr := profile.DecodeItem(text); itemErr == nil && err == nil && !slices.ContainsFunc(list, func(each profile.Profile) bool { return each.ID == id }) {
			m.fail("%s is in the keyring and not in the list", id)
		}
	}
	c := m.cred
	if c == nil || c.State != Saved || c.Profile.Session || err != nil || m.keyring != keyring.Ready || m.formEdited() || len(m.message.Actions) > 0 {
		return
	}
	// Of an item that was replaced by hand the list does not know.
	if _, secrets, err := profile.DecodeItem(items[c.Profile.ID]); err == nil && !secrets.Token.Equal(c.Secrets.Token) {
		m.fail("the token of %s is shown as saved, and is not", c.Profile.ID)
	}
}
