package bulk

import (
	_ "embed" // the page
	"encoding/csv"
	"encoding/json"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"amarre/authclient"
	"amarre/profile"
)

// Report is the outcome of a run, to be saved and sent. It has no field for a secret
// (docs/security.md 28).
type Report struct {
	Began    time.Time      `json:"began"`
	Ended    time.Time      `json:"ended"`
	Services []string       `json:"services"` // hosts
	Stopped  Reason         `json:"stopped"`  // "done" unless it stopped before the end
	Counts   map[State]int  `json:"counts"`
	Changes  map[Change]int `json:"changes"` // since the last check of each port
	Ports    []ReportLine   `json:"ports"`   // what needs attention first
}

// ReportLine is a port in a report.
type ReportLine struct {
	Name        string              `json:"name"`
	PortCode    string              `json:"portCode"`
	ERPID       int64               `json:"erpId"`
	ERP         string              `json:"erp,omitempty"`
	Service     string              `json:"service"` // host
	Environment profile.Environment `json:"environment"`
	State       State               `json:"state"`
	Outcome     authclient.Outcome  `json:"outcome,omitempty"` // of the call, where there was one
	Before      profile.Verdict     `json:"before,omitempty"`
	Change      Change              `json:"change,omitempty"`
	AccountCode string              `json:"accountPortCode,omitempty"` // whose token it is
	AccountName string              `json:"accountPortName,omitempty"`
	Ended       time.Time           `json:"ended,omitzero"`

	text string // State and its reason, as a sentence
}

// Change is what is different from the last check of a port.
type Change string

// The changes.
const (
	Broken   Change = "broken"   // it worked
	Repaired Change = "repaired" // it did not work
)

// change returns what is different in a line.
func (line Line) change() Change {
	works := line.State.IsWell()
	fails := line.State == Refused || line.State == OtherPort
	switch {
	case line.Before == profile.Accepted && fails:
		return Broken
	case line.Before != "" && line.Before != profile.Accepted && works:
		return Repaired
	}
	return ""
}

// NewReport returns the report of the lines of a run. say returns the state of a line and its
// reason, as a sentence.
func NewReport(lines []Line, began, ended time.Time, stop Stop, say func(Line) string) Report {
	r := Report{Began: began.UTC().Truncate(time.Second), Ended: ended.UTC().Truncate(time.Second), Stopped: stop.Reason,
		Services: []string{}, Counts: map[State]int{}, Changes: map[Change]int{}, Ports: []ReportLine{}}
	for _, line := range lines {
		p := line.Profile
		out := ReportLine{Name: orElse(p.Name, p.PortCode), PortCode: p.PortCode, ERPID: p.ERPID, ERP: p.ERP, Service: p.Host(),
			Environment: p.Environment, State: line.State, Outcome: line.Outcome, Before: line.Before, Change: line.change(),
			AccountCode: line.Account.PortCode, AccountName: line.Account.PortName, text: say(line)}
		if !line.Ended.IsZero() {
			out.Ended = line.Ended.UTC().Truncate(time.Second)
		}
		r.Ports = append(r.Ports, out)
		r.Counts[line.State]++
		if out.Change != "" {
			r.Changes[out.Change]++
		}
		if !slices.Contains(r.Services, out.Service) {
			r.Services = append(r.Services, out.Service)
		}
	}
	slices.Sort(r.Services)
	order := States()
	slices.SortStableFunc(r.Ports, func(a, b ReportLine) int { return slices.Index(order, a.State) - slices.Index(order, b.State) })
	return r
}

// WriteJSON writes the report as one JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Words are the texts of a language: see package message.
type Words interface {
	T(key string, pairs ...any) string
	N(key string, count int, pairs ...any) string
	Environment(profile.Environment) string
	Moment(time.Time) string
}

// reportColumns are the keys of the headings of WriteCSV.
var reportColumns = []string{"port_code", "name", "erp_id", "erp", "service", "environment", "state", "change", "ended"}

// WriteCSV writes the report as a table that a spreadsheet opens with the accents right: UTF-8
// with a byte order mark, headings and separator of the language.
func (r Report) WriteCSV(w io.Writer, words Words) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	table.Comma, table.UseCRLF = []rune(words.T("bulk.report.separator"))[0], true
	head := make([]string, len(reportColumns))
	for i, key := range reportColumns {
		head[i] = words.T("bulk.report." + key)
	}
	if err := table.Write(head); err != nil {
		return err
	}
	for _, line := range r.Ports {
		ended := ""
		if !line.Ended.IsZero() {
			ended = line.Ended.Local().Format(time.DateTime)
		}
		cells := []string{line.PortCode, line.Name, strconv.FormatInt(line.ERPID, 10), line.ERP, line.Service,
			words.Environment(line.Environment), line.text, line.changeText(words), ended}
		for i, cell := range cells {
			cells[i] = neutral(cell)
		}
		if err := table.Write(cells); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// neutral returns a cell that no spreadsheet takes for a formula (docs/security.md 28).
func neutral(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func (line ReportLine) changeText(words Words) string {
	if line.Change == "" {
		return ""
	}
	return words.T("bulk.change." + string(line.Change))
}

//go:embed report.html
var reportPage string

// reportTemplate is parsed when it is needed, which is not at every start.
var reportTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("report").Parse(reportPage)) })

// pageLine is a row of the page.
type pageLine struct {
	ReportLine
	Class, Mark, Text, Env, Change string
}

// WriteHTML writes the report as a page that needs no other file, for a browser and for
// printing in black and white.
func (r Report) WriteHTML(w io.Writer, words Words) error {
	page := struct {
		T               func(key string) string
		Title, Services string
		Many            bool // services
		Summary         []string
		Lines           []pageLine
	}{
		T:        func(key string) string { return words.T("bulk.report." + key) },
		Title:    words.T("bulk.report.title", "Date", words.Moment(r.Ended)),
		Services: strings.Join(r.Services, ", "),
		Many:     len(r.Services) > 1,
		Summary:  r.Summary(words),
	}
	for _, line := range r.Ports {
		class, mark := "other", "–"
		switch state := line.State; {
		case state.IsWell():
			class, mark = "good", "✓"
		case state == Refused || state == OtherPort || state == Differs || state == NotSaved:
			class, mark = "bad", "✗"
		}
		page.Lines = append(page.Lines, pageLine{line, class, mark, line.text, words.Environment(line.Environment), line.changeText(words)})
	}
	return reportTemplate().Execute(w, page)
}

// Summary returns how many ports are in which state, and what has changed, as parts of a
// sentence: what needs attention first.
func (r Report) Summary(words Words) []string {
	var parts []string
	for _, state := range States() {
		if n := r.Counts[state]; n > 0 {
			parts = append(parts, words.N("bulk.count."+string(state), n))
		}
	}
	for _, change := range []Change{Broken, Repaired} {
		if n := r.Changes[change]; n > 0 {
			parts = append(parts, words.N("bulk.changes."+string(change), n))
		}
	}
	return parts
}

// Attention reports whether a port needs somebody's attention.
func (r Report) Attention() bool {
	return slices.ContainsFunc(r.Ports, func(line ReportLine) bool { return !line.State.IsWell() && line.State != Waiting })
}
