package bulk

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"amarre/authclient"
	"amarre/profile"
)

// headings are the names of columns in French and English, without case, accents, spaces and
// punctuation.
var headings = map[string]Column{}

func init() {
	for column, names := range map[Column]string{
		PortCode:    "codeport codeduport portcode code codelogapass codeportlogapass codecapitainerie",
		ERPID:       "iderp erpid identifianterp identifiantdelerp numeroerp noerp nerp numerodelerp nodelerp ndelerp erpidentifier erpnumber",
		Account:     "username utilisateur nomdutilisateur loginusername identifiant login user compte account userid",
		Password:    "motdepasse motsdepasse mdp password passwd pwd pass passe loginpassword motdepasseerp motdepassedelerp erppassword motdepasselogapass",
		Token:       "jeton token jetonlogapass apitoken jetonpermanent permanenttoken jetonactuel",
		Name:        "nom nomduport name portname libelle intitule title titre designation port marina portdeplaisance capitainerie label",
		ERP:         "erp nomerp nomdelerp erpname logiciel software progiciel editeur",
		Service:     "service adresseduservice adresse address url uri loginuri serviceaddress serviceurl urlduservice website siteweb adresseweb webservice",
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
		switch {
		case r == '@': // Log@pass
			return 'a'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
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

// understand finds what the columns hold: by headings, else by the cells.
func (t *Table) understand() {
	width := t.width()
	for i := range min(len(t.records), mostTitles) {
		if t.readHeadings(i, width) {
			return
		}
	}
	if t.isOneLine() {
		t.turn()
		width = 1
	}
	t.Columns = make([]Column, width)
	best, most := -1, 0
	for i := range width {
		if n := t.codes(i); n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		for i := range width {
			t.guess(i, Account, isAccount)
		}
		return
	}
	t.Columns[best] = PortCode
	for i := range width {
		_ = t.guess(i, ERPID, isERPID) || t.guess(i, Service, isAddress) || t.guess(i, Environment, isEnvironment)
	}
	for i := range width { // the name comes after the code, or before it
		t.guess((best+1+i)%width, Name, isText)
	}
}

// mostTitles is how many rows may stand above the headings, with one.
const mostTitles = 10

func (t *Table) width() (width int) {
	for _, r := range t.records {
		width = max(width, len(r.cells))
	}
	return width
}

// codes returns how much a column looks like one of port codes: they differ, and most have
// letters, unlike the ERP ID.
func (t *Table) codes(column int) int {
	distinct := map[string]bool{}
	letters := t.count(column, func(text string) bool {
		if isPortCode(text) {
			distinct[text] = true
		}
		return isPortCode(text) && strings.ContainsFunc(text, unicode.IsLetter)
	})
	return len(distinct) + letters
}

// isOneLine reports whether the list is one row of port codes: SET, AGD, MTP.
func (t *Table) isOneLine() bool {
	return len(t.records) == 1 && len(t.records[0].cells) > 1 && !slices.ContainsFunc(t.records[0].cells, func(cell string) bool {
		return !isPortCode(cell)
	})
}

// turn makes a row of each cell of the only one.
func (t *Table) turn() {
	cells := t.records[0].cells
	t.records = nil
	for i, cell := range cells {
		t.records = append(t.records, record{i + 1, []string{cell}})
	}
}

// readHeadings takes a row as headings if it has one of the port code or of the account, or
// two others. What stands above is no part of the list.
func (t *Table) readHeadings(row, width int) bool {
	columns, known := make([]Column, width), 0
	head := t.records[row].cells
	for i, text := range head {
		if columns[i] = columnOf(text); columns[i] != Ignored {
			known++
		}
	}
	t.Columns = columns
	switch {
	case t.has(PortCode) || t.has(Account) && known > 1 || t.has(Fields):
	case known >= 2:
	case known == 1 && width == 1 && t.has(Name): // "Port" alone
	default:
		return false
	}
	t.Headings, t.records = head, t.records[row+1:]
	t.keepLogins()
	t.settle()
	return true
}

// settle decides by the cells what a heading leaves open.
func (t *Table) settle() {
	for i, column := range t.Columns {
		switch column {
		case ERP: // its name, or its number
			if filled := t.filled(i); !t.has(ERPID) && filled > 0 && t.count(i, isERPID) == filled {
				t.Columns[i] = ERPID
			}
		case Service: // "Adresse" may be a street
			if t.filled(i) > 0 && t.count(i, looksLikeAddress) == 0 {
				t.Columns[i] = Ignored
			}
		}
	}
	t.keepBest(PortCode, isPortCode)
	t.keepBest(Service, looksLikeAddress)
	if !t.has(PortCode) && !t.has(Account) && !t.has(Fields) {
		for i, column := range t.Columns { // "Port" may be the code or the name
			if column == Name && 2*t.count(i, isPortCode) > t.filled(i) {
				t.Columns[i] = PortCode
				break
			}
		}
	}
}

// keepBest keeps the one of several columns of a meaning whose cells fit best: "Code" may be
// another one than that of the port.
func (t *Table) keepBest(meaning Column, fits func(string) bool) {
	best, most := -1, -1
	for i, column := range t.Columns {
		if n := t.count(i, fits); column == meaning && n > most {
			best, most = i, n
		}
	}
	for i, column := range t.Columns {
		if column == meaning && i != best {
			t.Columns[i] = Ignored
		}
	}
}

// keepLogins leaves out what an export of a password manager has beside log-ins that are in
// use: notes and cards (Bitwarden), what is archived (1Password) or deleted (KeePassXC).
func (t *Table) keepLogins() {
	at := func(heading string) int { return slices.Index(t.Headings, heading) }
	drop := func(column int, gone func(cell string) bool) {
		if column >= 0 {
			t.records = slices.DeleteFunc(t.records, func(r record) bool { return gone(r.cell(column)) })
		}
	}
	if at("login_username") >= 0 {
		drop(at("type"), func(cell string) bool { return cell != "login" })
	}
	if at("OTPAuth") >= 0 {
		drop(at("Archived"), func(cell string) bool { return cell == "true" })
	}
	if at("TOTP") >= 0 {
		drop(at("Group"), func(cell string) bool {
			return slices.ContainsFunc(strings.Split(profile.Fold(cell), "/"), func(group string) bool { return group == "corbeille" || group == "recycle bin" })
		})
	}
}

// guess gives a column that nothing is known of a meaning that no other has, if most cells fit.
func (t *Table) guess(column int, meaning Column, fits func(string) bool) bool {
	filled := t.filled(column)
	if t.Columns[column] != Ignored || t.has(meaning) || filled == 0 || 2*t.count(column, fits) <= filled {
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
func isAccount(text string) bool {
	code, _, ok := cutLast(text)
	return ok && isPortCode(code)
}

// looksLikeAddress reports whether a text may be an address, also one that is not allowed.
func looksLikeAddress(text string) bool {
	return strings.Contains(text, "://") || !strings.ContainsFunc(text, unicode.IsSpace) && strings.Contains(text, ".")
}

// isText reports whether a text may be the name of a port: a capital, then small letters, and
// no digit. A password that looks like that is rare.
func isText(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(first) && strings.ContainsFunc(text, unicode.IsLower) && !strings.ContainsFunc(text, unicode.IsDigit)
}

// environmentOf reads the environment as people write it.
func environmentOf(text string) (profile.Environment, bool) {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, profile.Fold(text))
	switch letters {
	case "production", "prod", "p", "reel", "live":
		return profile.Production, true
	case "test", "tests", "t", "essai", "essais", "recette", "preproduction", "preprod", "staging", "sandbox", "bacasable":
		return profile.Test, true
	}
	return "", false
}
