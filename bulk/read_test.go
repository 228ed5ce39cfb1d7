package bulk_test

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/profile"
)

var update = flag.Bool("update", false, "write what the lists of testdata/lists are read as")

// identity is what is typed above the lists of testdata. MRS is saved.
var identity = bulk.Identity{Service: "https://logapass.example/ws", ERPID: "15", Password: authclient.NewSecret("typed password")}

var saved = []profile.Profile{{ID: "mrs-15", Name: "Vieux-Port", Service: "https://logapass.example/ws", Environment: profile.Production, PortCode: "MRS", ERPID: 15}}

// TestLists reads every list of testdata/lists, and compares rows and verdicts, or the error,
// with the file of the same name in testdata/want.
func TestLists(t *testing.T) {
	lists, err := filepath.Glob("testdata/lists/*")
	if err != nil || len(lists) < 60 {
		t.Fatalf("%d lists, %v", len(lists), err)
	}
	for _, path := range lists {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			table, err := bulk.Read(content)
			got, wanted := describe(table, err), filepath.Join("testdata", "want", name+".txt")
			if *update {
				if err := os.WriteFile(wanted, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(wanted)
			if err != nil {
				t.Fatal(err)
			}
			if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// describe writes a table as text: the columns, and a line a row with what is not empty.
func describe(table *bulk.Table, err error) string {
	if err != nil {
		var problem *bulk.Error
		if !errors.As(err, &problem) {
			return "no bulk.Error: " + err.Error()
		}
		text := "error " + string(problem.Problem)
		if problem.Row > 0 {
			text += fmt.Sprintf(" row %d", problem.Row)
		}
		if problem.Column > 0 {
			text += fmt.Sprintf(" column %d", problem.Column)
		}
		if problem.Text != "" {
			text += " " + problem.Text
		}
		return text + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "columns %q, headings %v\n", table.Columns, table.Headings != nil)
	for _, row := range bulk.Review(table.Rows(), identity, saved) {
		fmt.Fprintf(&b, "%d %s", row.Line, row.Verdict)
		if row.SameAs > 0 {
			fmt.Fprintf(&b, " as %d", row.SameAs)
		}
		for _, field := range [][2]string{
			{"port", row.PortCode}, {"erp-id", row.ERPID}, {"name", row.Name}, {"erp", row.ERP}, {"note", row.Note}, {"service", row.Service},
			{"environment", row.Environment}, {"password", fingerprint(row.Password)}, {"token", fingerprint(row.Token)},
		} {
			if field[1] != "" {
				fmt.Fprintf(&b, " | %s %q", field[0], field[1])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// fingerprint is enough of a secret to compare it, and no secret.
func fingerprint(s authclient.Secret) string {
	if s.IsZero() || s.Equal(identity.Password) {
		return ""
	}
	return fmt.Sprintf("%.4x", sha256.Sum256([]byte(s.Reveal())))
}

// FuzzRead: every content gives a table within the limits, or an Error; and reading what is
// read again gives the same.
func FuzzRead(f *testing.F) {
	lists, err := filepath.Glob("testdata/lists/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range lists {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if len(content) < 8<<10 { // others take seconds
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		table, err := bulk.Read(content)
		var problem *bulk.Error
		switch {
		case err != nil && !errors.As(err, &problem):
			t.Fatalf("no bulk.Error: %v", err)
		case err == nil && (table.Len() == 0 || table.Len() > bulk.MaxRows):
			t.Fatalf("%d rows", table.Len())
		case err == nil:
			rows := bulk.Review(table.Rows(), identity, saved)
			if len(rows) != table.Len() {
				t.Fatalf("%d rows reviewed of %d", len(rows), table.Len())
			}
			lines := map[int]bool{}
			for _, row := range rows {
				if row.Verdict == "" || row.Line < 1 || lines[row.Line] {
					t.Fatalf("verdict %q in line %d", row.Verdict, row.Line)
				}
				lines[row.Line] = true
				if row.Verdict == bulk.Ready && (row.Profile.PortCode == "" || row.Profile.ERPID < 1 || row.Profile.Service != identity.Service) {
					t.Fatalf("ready: %+v", row.Profile)
				}
			}
			for i := range table.Columns {
				_, cell := table.Sample(i)
				if table.Columns[i].Secret() && strings.Trim(cell, "•") != "" {
					t.Fatal("a sample shows a secret")
				}
			}
		}
	})
}

// BenchmarkRead reads 100,000 rows.
func BenchmarkRead(b *testing.B) {
	var list strings.Builder
	list.WriteString("Nom;Code port;ID ERP;Mot de passe\r\n")
	for i := range bulk.MaxRows {
		fmt.Fprintf(&list, "\"Port %d\";%s;15;MotDePasse-Exemple\r\n", i, fmt.Sprintf("%03X", i%4096))
	}
	content := []byte(list.String())
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		table, err := bulk.Read(content)
		if err != nil || table.Len() != bulk.MaxRows || !slices.Contains(table.Columns, bulk.Password) {
			b.Fatal(err)
		}
		bulk.Review(table.Rows(), identity, saved)
	}
}
