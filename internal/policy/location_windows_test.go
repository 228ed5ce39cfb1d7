//go:build !e2e

package policy

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

// TestLocation: it is below the system's %ProgramData%, and no variable of the user's
// moves it.
func TestLocation(t *testing.T) {
	base, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(base, "Amarre", "policy.toml")
	for _, variable := range []string{"", "ProgramData", "ALLUSERSPROFILE", "SystemDrive", "SystemRoot"} {
		if variable != "" {
			t.Setenv(variable, `X:\elsewhere`)
		}
		if got, err := location(); !strings.EqualFold(got, want) || err != nil {
			t.Errorf("with %%%s%% elsewhere the policy is %s, %v; want %s", variable, got, err, want)
		}
	}
}
