package bulk

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// The libraries for .xlsx were measured before this was written: excelize takes 8 ms at every
// start of the program and 6 MB; xlsxreader ends it by a panic on another goroutine if a file
// has an index of -1, leaves out the rows after a broken one in silence, and knows no formats
// such as 000, which people give to port codes. What a list needs is four parts of the file.

// maxUnpacked is the most bytes of a part of a zip file once it is unpacked. archive/zip
// reads no more than the size that the file declares.
const maxUnpacked = 256 << 20

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

func (t richText) String() string { return t.Text + strings.Join(t.Parts, "") }

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

// readXLSX reads the first sheet that is not hidden.
func readXLSX(z zipParts) (*Table, error) {
	sheet, err := firstSheet(z)
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
	t, last := &Table{}, 0
	err = z.elements(sheet, "row", func(d *xml.Decoder, start xml.StartElement) error {
		var row xlsxRow
		if err := d.DecodeElement(&row, &start); err != nil {
			return &Error{Problem: Damaged, Row: last + 1, Err: err}
		}
		if row.Number <= last { // "r" is optional
			row.Number = last + 1
		}
		last = row.Number
		if len(t.records) > MaxRows+1 {
			return &Error{Problem: TooManyRows, Row: last}
		}
		cells, err := row.texts(shared, zeros)
		t.records = append(t.records, record{last, cells})
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, nil
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
			i, err := strconv.Atoi(cell.Value)
			if err != nil || i < 0 || i >= len(shared) {
				return nil, &Error{Problem: Damaged, Row: row.Number, Column: column + 1, Err: err}
			}
			texts[column] = shared[i]
		case "inlineStr":
			texts[column] = cell.Inline.String()
		default:
			texts[column] = cell.Value
			if width := zeros[cell.Style]; width > len(cell.Value) && isERPID(cell.Value) {
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

// firstSheet returns the name of the part with the first sheet that is not hidden.
func firstSheet(z zipParts) (string, error) {
	var book struct {
		Sheets []struct {
			State string `xml:"state,attr"`
			ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(z.unmarshal("xl/workbook.xml", &book), z.unmarshal("xl/_rels/workbook.xml.rels", &relations)); err != nil {
		return "", err
	}
	for _, sheet := range book.Sheets {
		if sheet.State != "" && sheet.State != "visible" {
			continue
		}
		for _, relation := range relations.All {
			if relation.ID == sheet.ID {
				if absolute, ok := strings.CutPrefix(relation.Target, "/"); ok {
					return absolute, nil
				}
				return path.Join("xl", relation.Target), nil
			}
		}
	}
	return "", errors.New("no sheet")
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
