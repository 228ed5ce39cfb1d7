package presenter

import (
	"strings"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/bulk"
)

// monkeyMany are the actions on many ports.
var monkeyMany = []monkeyAction{
	{"many", 2, func(m *monkey) { m.ManyPorts() }},
	{"list", 2, func(m *monkey) {
		m.ManyPorts()
		lines := []string{"Code port;Jeton"}
		for range 1 + m.random.IntN(3) {
			token := ""
			for other := range m.ports {
				if m.random.IntN(8) == 0 && m.ports[other] != "" {
					token = other
				}
			}
			port := pick(m, monkeyPorts...)
			if token != "" {
				port = m.ports[token]
			}
			lines = append(lines, port+";"+token)
		}
		m.TypeList(authclient.NewSecret(strings.Join(lines, "\n")))
		m.ReadList()
	}},
	{"same for all", 1, func(m *monkey) {
		m.TypeIdentity(ERPID, pick(m, "15", "15", ""))
		m.TypeManyPassword(authclient.NewSecret(pick(m, authtest.DemoPassword, authtest.DemoPassword, " wrong")))
	}},
	{"row", 2, func(m *monkey) {
		i := m.random.IntN(3)
		pick(m, func() { m.LeaveRowOut(i, m.random.IntN(2) == 0) }, func() { m.AskAgain(i, true) }, func() {
			if rows := m.many.Rows; i < len(rows) && rows[i].Token.IsZero() { // else it would be another port's
				m.CorrectRow(i, pick(m, monkeyPorts...), "")
			}
		})()
	}},
	{"obtain many", 1, func(m *monkey) { m.ObtainMany() }},
	{"pause", 2, func(m *monkey) { m.PauseRun() }},
	{"stop", 3, func(m *monkey) { m.StopRun() }},
	{"continue", 1, func(m *monkey) { m.ContinueRun() }},
	{"retry", 2, func(m *monkey) { m.RetryRun() }},
	{"show run", 2, func(m *monkey) { m.ShowRun() }},
	{"decide many", 2, func(m *monkey) {
		replace := m.random.IntN(2) == 0
		if !replace && m.many.Step == Worked && !m.Blocked() {
			m.giveRun(bulk.Differs)
		}
		m.DecideMany(replace)
	}},
	{"close many", 2, func(m *monkey) { m.CloseMany() }},
}

// runTokens returns the tokens that the run has and the keyring may not have.
func (m *monkey) runTokens(states ...bulk.State) map[string]bool {
	tokens := map[string]bool{}
	if m.many.run == nil || !m.many.Logins {
		return tokens
	}
	for i, line := range m.many.run.Lines() {
		for _, state := range states {
			if token := m.many.run.Token(i); line.State == state && !token.IsZero() {
				tokens[token.Reveal()] = true
			}
		}
	}
	return tokens
}

// giveRun notes that the user gives up tokens of the run.
func (m *monkey) giveRun(states ...bulk.State) {
	for token := range m.runTokens(states...) {
		m.given[token] = true
	}
}
