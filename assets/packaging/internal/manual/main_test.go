package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestManual: a page for each command, with the date that is asked for, and what each
// shell reads.
func TestManual(t *testing.T) {
	to := t.TempDir()
	t.Setenv("SOURCE_DATE_EPOCH", "1767225599") // the last second of 2025 in UTC
	t.Setenv("TZ", "Pacific/Kiritimati")
	if err := run(to); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"man/amarre.1":            `.TH "AMARRE" "1" "Dec 2025" "Amarre" "Amarre"`,
		"man/amarre-login.1":      `\fB--port\fP`,
		"completions/amarre.bash": "complete -o default",
		"completions/_amarre":     "#compdef amarre",
		"completions/amarre.fish": "complete -c amarre",
		"completions/amarre.ps1":  "Register-ArgumentCompleter",
	} {
		content, err := os.ReadFile(filepath.Join(to, name))
		if err != nil || !strings.Contains(string(content), want) {
			t.Errorf("%s lacks %q (%v)", name, want, err)
		}
	}
}
