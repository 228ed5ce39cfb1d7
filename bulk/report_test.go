package bulk_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/internal/message"
	"amarre/profile"
)

// reported is a run with every kind of outcome, on a service that echoes secrets, and its
// reports in a language: JSON, CSV and HTML.
func reported(t *testing.T, lang string) (report bulk.Report, files map[string]string) {
	t.Helper()
	h := newHarness(t)
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		_, _ = w.Write([]byte(`{"status":500,"msg":"Exception: ` + r.Header.Get("Authorization") + ` ` + canaryPassword + `"}`))
	}
	h.service.account["P02"], h.service.account["P03"], h.service.account["P05"] = echo, hangUp, status(404)
	h.service.account["P06"] = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>Wi-Fi</html>")) }
	all := []profile.Profile{h.save("P01"), h.save("P02"), h.save("P03"), h.save("P04", "CANARI-REFUSED"), h.save("P05"), h.save("P06"), h.save("P07", tokenOf("P01")), h.save("P08")}
	for i, name := range map[int]string{0: "=HYPERLINK(\"http://evil.example\")", 1: "<script>alert(1)</script>", 2: "@SUM(A1)", 7: "Port P08"} {
		all[i].Name = name
	}
	all[0].Check, all[3].Check, all[7].Check = profile.Accepted, profile.Accepted, profile.Refused
	all[7].Environment = profile.Test
	texts, err := message.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	run := bulk.Check(h.deps, all)
	began := h.deps.Now()
	stop := run.Go(t.Context())
	for stop.Reason != bulk.Done {
		stop = run.Go(t.Context())
	}
	report = bulk.NewReport(run.Lines(), began, h.deps.Now(), stop, texts.Line)
	files = map[string]string{}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"json": func(b *bytes.Buffer) error { return report.WriteJSON(b) },
		"csv":  func(b *bytes.Buffer) error { return report.WriteCSV(b, texts) },
		"html": func(b *bytes.Buffer) error { return report.WriteHTML(b, texts) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		files[name] = strings.ReplaceAll(b.String(), all[0].Host(), "logapass.example")
	}
	return report, files
}

// TestReports: the reports are those of testdata/reports, and have no secret.
func TestReports(t *testing.T) {
	local := time.Local
	t.Cleanup(func() { time.Local = local })
	time.Local = time.UTC
	for _, lang := range []string{"fr", "en"} {
		_, files := reported(t, lang)
		for kind, got := range files {
			for _, secret := range []string{"CANARI", canaryPassword} {
				if strings.Contains(got, secret) {
					t.Errorf("%s in %s holds a secret", kind, lang)
				}
			}
			path := filepath.Join("testdata", "reports", lang+"."+kind)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is\n%s", path, got)
			}
		}
	}
}

// TestReportSaysWhatChanged since the last check.
func TestReportSaysWhatChanged(t *testing.T) {
	report, files := reported(t, "fr")
	if report.Changes[bulk.Broken] != 1 || report.Changes[bulk.Repaired] != 1 || report.Ports[0].PortCode != "P04" || report.Ports[0].Change != bulk.Broken {
		t.Errorf("%+v", report)
	}
	var back bulk.Report
	if err := json.Unmarshal([]byte(files["json"]), &back); err != nil || len(back.Ports) != 8 || back.Counts[bulk.NotVerified] != 4 {
		t.Errorf("%v, %+v", err, back.Counts)
	}
}

// TestCellsAreNoFormulas (docs/security.md 28).
func TestCellsAreNoFormulas(t *testing.T) {
	_, files := reported(t, "fr")
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(files["csv"], "\ufeff")))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) != 9 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a cell begins with %q", cell[:1])
			}
		}
	}
}

// TestPageRunsNothing: a name cannot put a script into the page.
func TestPageRunsNothing(t *testing.T) {
	_, files := reported(t, "en")
	if strings.Contains(files["html"], "<script") || !strings.Contains(files["html"], "&lt;script&gt;") {
		t.Error("the page has a script")
	}
	if strings.Contains(files["html"], "src=") || strings.Contains(files["html"], "href=") {
		t.Error("the page needs another file")
	}
}

// TestReportHasNoFieldForASecret, by its type.
func TestReportHasNoFieldForASecret(t *testing.T) {
	for _, value := range []any{bulk.Report{}, bulk.ReportLine{}, bulk.Line{}} {
		if hasSecret(value) {
			t.Errorf("%T has a field for a secret", value)
		}
	}
	if !hasSecret(bulk.Row{}) {
		t.Error("the test sees no secret")
	}
}

func hasSecret(value any) bool {
	var look func(of reflect.Type) bool
	look = func(of reflect.Type) bool {
		switch of.Kind() {
		case reflect.Slice, reflect.Pointer:
			return look(of.Elem())
		case reflect.Struct:
			if of == reflect.TypeFor[authclient.Secret]() {
				return true
			}
			for i := range of.NumField() {
				if look(of.Field(i).Type) {
					return true
				}
			}
		}
		return false
	}
	return look(reflect.TypeOf(value))
}
