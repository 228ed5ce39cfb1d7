package bulk

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The libraries for .xlsx were measured before this was written: excelize takes 8 ms at every
// start of the program and 6 MB; xlsxreader ends it by a panic on another goroutine if a file
// has an index of -1, leaves out the rows after a broken one in silence, and knows no formats
// such as 000, which people give to port codes. What a list needs is four parts of the file.

// maxUnpacked is the most bytes of a part of a zip file once it is unpacked. archive/zip
// reads no more than the size that the file declares.
const maxUnpacked = 64 << 20

// readZip reads what has the format of a zip file: .xlsx, or an export of 1Password.
func readZip(content []byte) (*Table, error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, &Error{Problem: Damaged, Err: err}
	}
	parts := map[string]*zip.File{}
	for _, file := range archive.File {
		parts[strings.TrimPrefix(file.Name, "/")] = file
	}
	z := zipParts(parts)
	var t *Table
	switch {
	case parts["xl/workbook.xml"] != nil:
		t, err = readXLSX(z)
	case parts["export.data"] != nil:
		t, err = read1Password(z)
	case parts["content.xml"] != nil, parts["Index/Document.iwa"] != nil: // .ods, .numbers
		return nil, &Error{Problem: OtherSheet}
	default:
		return nil, &Error{Problem: Binary, Text: "ZIP"}
	}
	var known *Error
	switch {
	case errors.As(err, &known):
		return nil, err
	case err != nil:
		return nil, &Error{Problem: Damaged, Err: err}
	}
	return finish(t)
}

// zipParts are the parts of a zip file, by name.
type zipParts map[string]*zip.File

// open opens a part. One that is missing is empty.
func (z zipParts) open(name string) (io.ReadCloser, error) {
	file := z[name]
	if file == nil {
		return io.NopCloser(strings.NewReader("")), nil
	}
	if file.UncompressedSize64 > maxUnpacked {
		return nil, &Error{Problem: TooLarge}
	}
	return file.Open()
}

// unmarshal reads a part in XML. One that is missing leaves v as it is.
func (z zipParts) unmarshal(name string, v any) error {
	part, err := z.open(name)
	if err != nil {
		return err
	}
	defer part.Close()
	if err := xml.NewDecoder(part).Decode(v); err != io.EOF {
		return err
	}
	return nil
}

// elements calls do for each element of a name in a part in XML.
func (z zipParts) elements(name, element string, do func(*xml.Decoder, xml.StartElement) error) error {
	part, err := z.open(name)
	if err != nil {
		return err
	}
	defer part.Close()
	decoder := xml.NewDecoder(part)
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == element {
			if err := do(decoder, start); err != nil {
				return err
			}
		}
	}
}

// richText is a text that may have parts in several fonts.
type richText struct {
	Text  string   `xml:"t"`
	Parts []string `xml:"r>t"`
}

func (t richText) String() string { return unescape(t.Text + strings.Join(t.Parts, "")) }

// escape is how a character that XML has no room for is written (ECMA-376, part 1, 22.9.2.19).
var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil {
			return code
		}
		return string(rune(n))
	})
}

// xlsxRow and xlsxCell are as in ECMA-376, part 1, sections 18.3.1.73 and 18.3.1.4.
type xlsxRow struct {
	Number int        `xml:"r,attr"`
	Cells  []xlsxCell `xml:"c"`
}

type xlsxCell struct {
	Place  string   `xml:"r,attr"` // B7
	Type   string   `xml:"t,attr"`
	Style  int      `xml:"s,attr"`
	Value  string   `xml:"v"` // of a formula its last value
	Inline richText `xml:"is"`
}

// maxXLSXRow is the last row that a sheet can have.
const maxXLSXRow = 1 << 20

// readXLSX reads the first sheet that is not hidden and has a text.
func readXLSX(z zipParts) (*Table, error) {
	sheets, err := visibleSheets(z)
	if err != nil {
		return nil, err
	}
	zeros, err := zeroFormats(z)
	if err != nil {
		return nil, err
	}
	var shared []string
	err = z.elements("xl/sharedStrings.xml", "si", func(d *xml.Decoder, start xml.StartElement) error {
		var text richText
		err := d.DecodeElement(&text, &start)
		shared = append(shared, text.String())
		return err
	})
	if err != nil {
		return nil, err
	}
	t := &Table{}
	for _, sheet := range sheets {
		if t.records, err = readSheet(z, sheet, shared, zeros); err != nil || len(t.records) > 0 {
			break
		}
	}
	return t, err
}

// readSheet reads the rows of a sheet that have a text.
func readSheet(z zipParts, sheet string, shared []string, zeros map[int]int) (records []record, err error) {
	last := 0
	err = z.elements(sheet, "row", func(d *xml.Decoder, start xml.StartElement) error {
		var row xlsxRow
		if err := d.DecodeElement(&row, &start); err != nil {
			return &Error{Problem: Damaged, Row: last + 1, Err: err}
		}
		if row.Number <= last { // "r" is optional
			row.Number = last + 1
		}
		last = row.Number
		if last > maxXLSXRow {
			return &Error{Problem: Damaged}
		}
		cells, err := row.texts(shared, zeros)
		if err != nil || !slices.ContainsFunc(cells, func(cell string) bool { return cell != "" }) {
			return err
		}
		records = append(records, record{last, cells})
		if len(records) > MaxRows+mostTitles {
			return &Error{Problem: TooManyRows, Row: last}
		}
		return nil
	})
	return records, err
}

// texts returns the cells of a row as the spreadsheet shows them.
func (row xlsxRow) texts(shared []string, zeros map[int]int) ([]string, error) {
	var texts []string
	for _, cell := range row.Cells {
		column := columnIndex(cell.Place, len(texts))
		if column >= maxCells {
			continue
		}
		for len(texts) <= column {
			texts = append(texts, "")
		}
		switch cell.Type {
		case "s":
			if cell.Value == "" {
				continue
			}
			i, err := strconv.Atoi(cell.Value)
			if err != nil || i < 0 || i >= len(shared) {
				return nil, &Error{Problem: Damaged, Row: row.Number, Column: column + 1, Err: err}
			}
			texts[column] = shared[i]
		case "inlineStr":
			texts[column] = cell.Inline.String()
		default:
			texts[column] = unescape(cell.Value)
			if width := zeros[cell.Style]; width > len(cell.Value) && isDigits(cell.Value) {
				texts[column] = strings.Repeat("0", width-len(cell.Value)) + cell.Value
			}
		}
	}
	return texts, nil
}

// columnIndex returns the index of the column of a place such as B7, or next if there is none.
func columnIndex(place string, next int) int {
	index := 0
	for _, r := range place {
		if r < 'A' || r > 'Z' || index > maxCells {
			break
		}
		index = index*26 + int(r-'A') + 1
	}
	if index == 0 {
		return next
	}
	return index - 1
}

func isDigits(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// visibleSheets returns the names of the parts with the sheets that are not hidden.
func visibleSheets(z zipParts) (names []string, err error) {
	var book struct {
		Sheets []struct {
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(z.unmarshal("xl/workbook.xml", &book), z.unmarshal("xl/_rels/workbook.xml.rels", &relations)); err != nil {
		return nil, err
	}
	for _, sheet := range book.Sheets {
		if sheet.State != "" && sheet.State != "visible" {
			continue
		}
		for _, relation := range relations.All {
			if relation.ID == sheet.ID {
				name, absolute := strings.CutPrefix(relation.Target, "/")
				if !absolute {
					name = path.Join("xl", name)
				}
				names = append(names, name)
			}
		}
	}
	if names == nil {
		return nil, errors.New("no sheet")
	}
	return names, nil
}

var onlyZeros = regexp.MustCompile(`^0{2,}$`)

// zeroFormats returns the styles whose numbers are shown with leading zeros, and how many
// digits they have.
func zeroFormats(z zipParts) (map[int]int, error) {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := z.unmarshal("xl/styles.xml", &styles); err != nil {
		return nil, err
	}
	widths, zeros := map[int]int{}, map[int]int{}
	for _, format := range styles.Formats {
		if onlyZeros.MatchString(format.Code) {
			widths[format.ID] = len(format.Code)
		}
	}
	for i, cell := range styles.Cells {
		if width := widths[cell.Format]; width > 0 {
			zeros[i] = width
		}
	}
	return zeros, nil
}
