package bulk

import (
	"slices"
	"strconv"
	"strings"

	"amarre/authclient"
)

// Limits of a list. What has more is an error, not a shorter list.
const (
	MaxBytes = 64 << 20 // of a file
	MaxRows  = 100_000
	MaxCell  = 8 << 10 // bytes of one cell
	maxCells = 256     // in one row; further ones are not read
)

// Column is what a column of a list holds.
type Column string

// The columns.
const (
	Ignored     Column = ""
	PortCode    Column = "port-code"
	ERPID       Column = "erp-id"
	Account     Column = "account" // the port code, the ERP ID, or both: SET/15
	Password    Column = "password"
	Token       Column = "token" // that is already there: no other is obtained
	Name        Column = "name"  // of the port
	ERP         Column = "erp"   // the name of the ERP
	Service     Column = "service"
	Environment Column = "environment"
	Note        Column = "note"
	Fields      Column = "fields" // several of these, one a line: "Code port: SET"
)

// Columns returns all columns, in the order in which a user chooses one.
func Columns() []Column {
	return []Column{PortCode, Name, ERPID, Password, Token, Account, ERP, Service, Environment, Note, Fields, Ignored}
}

// Secret reports whether the column holds secrets.
func (c Column) Secret() bool { return c == Password || c == Token || c == Fields }

// Table is a list as it was read: cells, and what each column holds. Its cells may be secrets,
// so it is not to be logged or kept longer than needed.
type Table struct {
	// Columns may be changed before Rows is called.
	Columns []Column
	// Headings are the texts above the columns; nil if there are none.
	Headings []string

	records []record
}

// record is a row of cells. Its line counts from 1: of a text that in which it begins, of a
// spreadsheet its row, else its place in the list.
type record struct {
	line  int
	cells []string
}

// cell returns a cell; "" if the row is shorter.
func (r record) cell(column int) string {
	if column >= len(r.cells) {
		return ""
	}
	return r.cells[column]
}

// Sample returns the first cell of a column that is not empty, masked if it may be a secret,
// and its heading.
func (t *Table) Sample(column int) (heading, cell string) {
	if column < len(t.Headings) {
		heading = t.Headings[column]
	}
	for _, r := range t.records {
		if cell = r.cell(column); cell != "" {
			break
		}
	}
	if cell != "" && t.Columns[column].Secret() {
		return heading, authclient.NewSecret(cell).String()
	}
	return heading, cell
}

// Len returns the number of rows.
func (t *Table) Len() int { return len(t.records) }

// Row is a row of a list: what is known of one port. Empty fields are not known.
type Row struct {
	Line        int // in the list, from 1
	PortCode    string
	ERPID       string
	Name        string
	ERP         string
	Note        string
	Service     string
	Environment string
	Password    authclient.Secret
	Token       authclient.Secret
	FromAccount bool // the port code is the user name of an entry, which may be of another site

	// The user's choice.
	LeftOut bool // do not send it
	Again   bool // obtain a token though one is saved
}

// Rows returns the rows as the columns say. Of two columns with the same meaning the first one
// that is not empty counts.
func (t *Table) Rows() []Row {
	rows := make([]Row, 0, len(t.records))
	for _, r := range t.records {
		row, accounts := Row{Line: r.line}, []string(nil)
		for i, column := range t.Columns {
			text := authclient.TrimPasted(r.cell(i))
			switch column {
			case Account:
				accounts = append(accounts, text)
			case Password: // white space may be a part of it
				if text != "" {
					row.set(column, strings.Trim(r.cell(i), "\r\n"))
				}
			case Fields:
				eachField(text, func(heading, value string) {
					if column := columnOf(heading); column == Account {
						accounts = append(accounts, value)
					} else if column != Fields {
						row.set(column, value)
					}
				})
			case Service: // Bitwarden joins several
				first, _, _ := strings.Cut(text, ",http")
				row.set(column, first)
			default:
				row.set(column, text)
			}
		}
		for _, text := range accounts {
			row.setAccount(text)
		}
		rows = append(rows, row)
	}
	return rows
}

// set sets a field that is still empty.
func (r *Row) set(column Column, text string) {
	var field *string
	switch column {
	case PortCode:
		field = &r.PortCode
	case ERPID:
		field = &r.ERPID
	case Name:
		field = &r.Name
	case ERP:
		field = &r.ERP
	case Note:
		field = &r.Note
	case Service:
		field = &r.Service
	case Environment:
		field = &r.Environment
	case Password:
		setSecret(&r.Password, text)
	case Token:
		setSecret(&r.Token, text)
	}
	if field != nil && *field == "" {
		*field = text
	}
}

func setSecret(field *authclient.Secret, text string) {
	if field.IsZero() && text != "" {
		*field = authclient.NewSecret(text)
	}
}

// setAccount sets the port code, the ERP ID or both of what a password manager has as the user
// name: SET, 15, SET/15.
func (r *Row) setAccount(text string) {
	before, after, both := cutLast(text)
	switch _, err := authclient.ParseERPID(text); {
	case both:
		r.set(PortCode, before)
		r.set(ERPID, after)
	case err == nil && (r.PortCode != "" || len(text) != authclient.PortCodeLength):
		r.set(ERPID, text)
	default:
		r.FromAccount = r.PortCode == "" && text != ""
		r.set(PortCode, text)
	}
}

// cutLast cuts "SET/15".
func cutLast(text string) (code, id string, ok bool) {
	for i := len(text) - 1; i > 0; i-- {
		if text[i] == '/' {
			_, err := strconv.ParseUint(text[i+1:], 10, 64)
			return text[:i], text[i+1:], err == nil
		}
	}
	return "", "", false
}

// has reports whether a column is among the table's.
func (t *Table) has(column Column) bool { return slices.Contains(t.Columns, column) }
