package bulk

import (
	"slices"
	"strings"
	"unicode"

	"amarre/authclient"
	"amarre/profile"
)

// headings are the names of columns in French and English, without case, accents, spaces and
// punctuation.
var headings = map[string]Column{}

func init() {
	for column, names := range map[Column]string{
		PortCode:    "codeport codeduport portcode code codelogapass codeportlogapass codecapitainerie",
		ERPID:       "iderp erpid identifianterp identifiantdelerp numeroerp noerp erpidentifier erpnumber",
		Account:     "username utilisateur nomdutilisateur loginusername identifiant login user compte account userid id",
		Password:    "motdepasse motsdepasse mdp password passwd pwd pass passe loginpassword motdepasseerp erppassword motdepasselogapass",
		Token:       "jeton token jetonlogapass apitoken jetonpermanent permanenttoken jetonactuel",
		Name:        "nom nomduport name portname libelle intitule title titre designation port marina portdeplaisance capitainerie label",
		ERP:         "erp nomerp nomdelerp erpname logiciel software progiciel editeur",
		Service:     "service adresseduservice adresse address url uri loginuri serviceaddress serviceurl urlduservice website siteweb site adresseweb webservice",
		Environment: "environnement environment env",
		Note:        "remarque remarques note notes commentaire commentaires comment comments observation observations notesplain",
		Fields:      "fields champs",
	} {
		for name := range strings.FieldsSeq(names) {
			headings[name] = column
		}
	}
}

// columnOf returns what a heading says of its column; Ignored if that is not known.
func columnOf(heading string) Column {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, profile.Fold(heading))
	return headings[letters]
}

// eachField calls do for each line of the form "Code port: SET".
func eachField(text string, do func(heading, value string)) {
	for line := range strings.Lines(text) {
		if heading, value, ok := strings.Cut(line, ":"); ok {
			do(strings.TrimSpace(heading), authclient.TrimPasted(value))
		}
	}
}

// understand finds what the columns hold: by the headings in the first row, else by the cells.
func (t *Table) understand() {
	width := 0
	for _, r := range t.records {
		width = max(width, len(r.cells))
	}
	if t.readHeadings(width) {
		return
	}
	t.Columns = make([]Column, width)
	best, most := -1, 0
	for i := range width {
		if n := t.count(i, isPortCode); n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return
	}
	t.Columns[best] = PortCode
	for i := range width {
		if t.Columns[i] == Ignored && t.guess(i, ERPID, isERPID) || t.guess(i, Service, isAddress) || t.guess(i, Environment, isEnvironment) {
			continue
		}
		if t.Columns[i] == Ignored && i > best { // the name comes after the code; what comes later may be anything
			t.guess(i, Name, isText)
		}
	}
}

// readHeadings takes the first row as headings if it has one of the port code or of the
// account, or two others.
func (t *Table) readHeadings(width int) bool {
	if len(t.records) == 0 {
		return false
	}
	columns, known := make([]Column, width), 0
	for i, text := range t.records[0].cells {
		if columns[i] = columnOf(text); columns[i] != Ignored {
			known++
		}
	}
	first := t.records[0].cells
	t.Columns = columns
	switch {
	case t.has(PortCode) || t.has(Account) && known > 1 || t.has(Fields):
	case known >= 2:
	case known == 1 && width == 1 && t.has(Name): // "Port" alone
	default:
		return false
	}
	t.Headings, t.records = first, t.records[1:]
	t.keepLogins()
	if !t.has(PortCode) && !t.has(Account) && !t.has(Fields) {
		// "Port" may be the code or the name: its cells say which.
		for i := range columns {
			if columns[i] == Name && 2*t.count(i, isPortCode) > t.filled(i) {
				columns[i] = PortCode
				break
			}
		}
	}
	return true
}

// keepLogins leaves out the notes and cards of an export of Bitwarden.
func (t *Table) keepLogins() {
	column := slices.Index(t.Headings, "type")
	if column < 0 || !slices.Contains(t.Headings, "login_username") {
		return
	}
	t.records = slices.DeleteFunc(t.records, func(r record) bool { return r.cell(column) != "login" })
}

// guess gives a column that nothing is known of a meaning that no other has, if every cell fits.
func (t *Table) guess(column int, meaning Column, fits func(string) bool) bool {
	filled := t.filled(column)
	if t.Columns[column] != Ignored || t.has(meaning) || filled == 0 || t.count(column, fits) < filled {
		return false
	}
	t.Columns[column] = meaning
	return true
}

// filled returns how many cells of a column are not empty.
func (t *Table) filled(column int) int { return t.count(column, func(string) bool { return true }) }

// count returns how many cells of a column are not empty and fit.
func (t *Table) count(column int, fits func(string) bool) (n int) {
	for _, r := range t.records {
		if text := authclient.TrimPasted(r.cell(column)); text != "" && fits(text) {
			n++
		}
	}
	return n
}

func isPortCode(text string) bool { _, err := authclient.ParsePortCode(text); return err == nil }
func isERPID(text string) bool    { _, err := authclient.ParseERPID(text); return err == nil }
func isAddress(text string) bool {
	_, err := authclient.ParseAddress(text)
	return err == nil && strings.Contains(text, "://")
}
func isEnvironment(text string) bool { _, ok := environmentOf(text); return ok }

// isText reports whether a text may be the name of a port: it has a letter and a small one,
// and no digit, which a password or a token would have.
func isText(text string) bool {
	return strings.ContainsFunc(text, unicode.IsLower) && !strings.ContainsFunc(text, unicode.IsDigit)
}

// environmentOf reads the environment as people write it.
func environmentOf(text string) (profile.Environment, bool) {
	switch profile.Fold(text) {
	case "production", "prod", "p", "reel", "live":
		return profile.Production, true
	case "test", "tests", "t", "essai", "essais", "recette", "preproduction", "preprod", "staging", "sandbox", "bac a sable":
		return profile.Test, true
	}
	return "", false
}
