package bulk

import "fmt"

// Problem is why a list could not be read.
type Problem string

// The problems.
const (
	Empty       Problem = "empty"        // nothing in it
	TooLarge    Problem = "too-large"    // more than MaxBytes, also after it is unpacked
	TooManyRows Problem = "too-many"     // more than MaxRows
	LongCell    Problem = "long-cell"    // more than MaxCell
	Binary      Problem = "binary"       // not a text: a picture, a program
	NUL         Problem = "nul"          // a zero byte in a text
	Control     Problem = "control"      // another control character in a text
	Encoding    Problem = "encoding"     // bytes that are no text in its encoding
	Quote       Problem = "quote"        // a quotation mark that is not closed, or inside a cell
	Damaged     Problem = "damaged"      // a file of a known format that cannot be read
	OldExcel    Problem = "old-excel"    // .xls, or a spreadsheet with a password
	OtherSheet  Problem = "other-sheet"  // a spreadsheet of another program
	Encrypted   Problem = "encrypted"    // an encrypted export of a password manager
	NoPortCodes Problem = "no-port-code" // no column of port codes, nor one that may be
)

// Error says that a list could not be read. Nothing of its cells is in it.
type Error struct {
	Problem Problem
	Row     int    // from 1, as in Row.Line; 0 if no row is concerned
	Column  int    // from 1; 0 if no column is concerned
	Text    string // what kind of file it is, for Binary
	Err     error  // the cause, or nil
}

// Error implements error.
func (e *Error) Error() string {
	text := "the list: " + string(e.Problem)
	if e.Row > 0 {
		text += fmt.Sprintf(", row %d", e.Row)
	}
	if e.Column > 0 {
		text += fmt.Sprintf(", column %d", e.Column)
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
