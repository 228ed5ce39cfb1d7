package bulk

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"amarre/internal/handover"
)

// Read reads a list: a text with a port code a line, CSV or what a spreadsheet puts on the
// clipboard, .xlsx, or an export of KeePassXC, KeePass (XML), Bitwarden or 1Password. The
// content says which; the name of a file may be wrong. The error is an [Error].
func Read(content []byte) (*Table, error) {
	switch kind := kindOf(content); {
	case len(content) > MaxBytes:
		return nil, &Error{Problem: TooLarge}
	case len(bytes.TrimSpace(content)) == 0:
		return nil, &Error{Problem: Empty}
	case bytes.HasPrefix(content, []byte("PK\x03\x04")), bytes.HasPrefix(content, []byte("PK\x05\x06")):
		return readZip(content)
	case bytes.HasPrefix(content, []byte("\x03\xd9\xa2\x9a")): // the database of KeePass
		return nil, &Error{Problem: Encrypted}
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, &Error{Problem: OldExcel}
	case kind != "":
		return nil, &Error{Problem: Binary, Text: kind}
	}
	text := handover.DecodeText(content)
	if err := checkText(text); err != nil {
		return nil, err
	}
	var t *Table
	var err error
	switch trimmed := strings.TrimSpace(text); {
	case strings.HasPrefix(trimmed, "{"):
		t, err = readBitwarden([]byte(trimmed))
	case strings.HasPrefix(trimmed, "<?xml") || strings.HasPrefix(trimmed, "<KeePassFile"):
		t, err = readKeePass(trimmed)
	case isHTML(trimmed): // so do some programs write .xls
		err = &Error{Problem: OtherSheet}
	default:
		t, err = readCSV(text)
	}
	if err != nil {
		return nil, err
	}
	return finish(t)
}

// kinds are the beginnings of files that people take for a list by mistake.
var kinds = map[string]string{
	"\x89PNG": "PNG", "\xff\xd8\xff": "JPEG", "GIF8": "GIF", "%PDF": "PDF", "\x1f\x8b": "gzip", "7z\xbc\xaf": "7-Zip", "Rar!": "RAR",
	"MZ\x90": "EXE", "\x7fELF": "ELF", "{\\rtf": "RTF",
}

// kindOf returns what a file is that is no list; "" if that is not known.
func kindOf(content []byte) string {
	for begins, kind := range kinds {
		if bytes.HasPrefix(content, []byte(begins)) {
			return kind
		}
	}
	return ""
}

// finish removes the rows without a text, checks the limits and finds the columns, if the
// format has not said them.
func finish(t *Table) (*Table, error) {
	records := t.records[:0]
	for _, r := range t.records {
		if strings.TrimSpace(strings.Join(r.cells, "")) == "" {
			continue
		}
		if len(records) == MaxRows+mostTitles { // some may be titles and headings
			return nil, &Error{Problem: TooManyRows, Row: r.line}
		}
		for i, cell := range r.cells {
			r.cells[i] = unformula(cell)
		}
		records = append(records, r)
	}
	t.records = records
	if t.Columns == nil {
		t.understand()
	}
	if len(t.records) == 0 {
		return nil, &Error{Problem: Empty}
	}
	if len(t.records) > MaxRows {
		return nil, &Error{Problem: TooManyRows, Row: t.records[MaxRows].line}
	}
	for _, r := range t.records {
		for i, column := range t.Columns {
			if len(r.cell(i)) > MaxCell && column != Ignored && column != Note && column != Fields { // Review says of a note that it is too long
				return nil, &Error{Problem: LongCell, Row: r.line, Column: i + 1}
			}
		}
	}
	return t, nil
}

func isHTML(text string) bool {
	begin := strings.ToLower(text[:min(len(text), 16)])
	return strings.HasPrefix(begin, "<html") || strings.HasPrefix(begin, "<!doctype html") || strings.HasPrefix(begin, "<table")
}

// unformula returns the text of ="007", with which people make a spreadsheet keep zeros.
func unformula(cell string) string {
	if rest, ok := strings.CutPrefix(cell, `="`); ok && strings.HasSuffix(rest, `"`) {
		return strings.TrimSuffix(rest, `"`)
	}
	return cell
}

// HasPortCodes reports whether a column says which port a row is about. Without one, the user
// has to choose it.
func (t *Table) HasPortCodes() bool { return t.has(PortCode) || t.has(Account) || t.has(Fields) }

// checkText returns the place of the first character that no list has.
func checkText(text string) error {
	line, column := 1, 1
	for _, r := range text {
		switch {
		case r == '\n':
			line, column = line+1, 0
		case r == 0:
			return &Error{Problem: NUL, Row: line, Column: column}
		case r == utf8.RuneError:
			return &Error{Problem: Encoding, Row: line, Column: column}
		case unicode.IsControl(r) && !strings.ContainsRune("\t\r\f\v\u0085", r):
			return &Error{Problem: Control, Row: line, Column: column}
		}
		column++
	}
	return nil
}

// separators of cells, the ones that win a tie first.
var separators = []rune{'\t', ';', ','}

// asText is ="007", with which people make a spreadsheet keep zeros.
var asText = regexp.MustCompile(`(?m)(^|[;,\t])="([^"\r\n]*)"`)

// readCSV reads a text of lines and cells.
func readCSV(text string) (*Table, error) {
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // old Macs
	}
	separator := separatorOf(text)
	if line, rest, ok := strings.Cut(text, "\n"); ok { // so says Excel which one it is
		if named, ok := strings.CutPrefix(strings.ToLower(strings.TrimRight(line, "\r")), "sep="); ok && len(named) == 1 {
			separator, text = rune(named[0]), "\n"+rest
		}
	}
	if row := tooWide(text, separator); row > 0 {
		return nil, &Error{Problem: Damaged, Row: row}
	}
	if strings.Contains(text, `="`) {
		text = asText.ReplaceAllString(text, `$1"$2"`)
	}
	t, err := parseCSV(text, separator, false)
	var bad *csv.ParseError
	if errors.As(err, &bad) && errors.Is(bad.Err, csv.ErrBareQuote) {
		// Le "Grand" Port: not as the rules say, and clear. A quotation mark that is not closed
		// would hide rows in a cell.
		if lazy, lazyErr := parseCSV(text, separator, true); lazyErr == nil && !lazy.spansLines() {
			return lazy, nil
		}
	}
	if bad != nil {
		return nil, &Error{Problem: Quote, Row: bad.StartLine, Column: bad.Column, Err: bad.Err}
	}
	return t, err
}

// tooWide returns the first line with more cells than any list has, or 0: they would fill the
// memory.
func tooWide(text string, separator rune) int {
	const most = 4 * maxCells
	number := 0
	for line := range strings.Lines(text) {
		number++
		if strings.Count(line, string(separator)) > most {
			return number
		}
	}
	return 0
}

func parseCSV(text string, separator rune, lazy bool) (*Table, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = separator, -1, lazy
	t := &Table{}
	for {
		cells, err := reader.Read()
		if err == io.EOF {
			return t, nil
		} else if err != nil {
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		if !slices.ContainsFunc(cells, func(cell string) bool { return cell != "" }) {
			continue
		}
		t.records = append(t.records, record{line, slices.Clone(cells[:min(len(cells), maxCells)])})
		if len(t.records) > MaxRows+mostTitles {
			return nil, &Error{Problem: TooManyRows, Row: line}
		}
	}
}

// spansLines reports whether a cell has a line break.
func (t *Table) spansLines() bool {
	for _, r := range t.records {
		for _, cell := range r.cells {
			if strings.Contains(cell, "\n") {
				return true
			}
		}
	}
	return false
}

// separatorOf returns the separator that most rows have the same number of times.
func separatorOf(text string) rune {
	const enough = 64 << 10
	text = text[:min(len(text), enough)]
	best, most := separators[0], 0
	for _, separator := range separators {
		counts, n, quoted := map[int]int{}, 0, false
		for _, r := range text {
			switch {
			case r == '"':
				quoted = !quoted
			case quoted:
			case r == separator:
				n++
			case r == '\n':
				counts[n]++
				n = 0
			}
		}
		counts[n]++
		delete(counts, 0)
		for _, rows := range counts {
			if rows > most {
				best, most = separator, rows
			}
		}
	}
	return best
}
