//go:build windows

package fileperm

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/windows"
)

// TestOnlyAdministrators: lists of access in the forms in which Windows has them.
func TestOnlyAdministrators(t *testing.T) {
	for _, c := range []struct {
		name, sddl     string
		write, replace bool
	}{
		{"Program Files", "O:" + trustedInstaller + "D:PAI(A;;FA;;;" + trustedInstaller + ")(A;;FA;;;SY)(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)(A;OICIIO;GA;;;CO)", true, true},
		{"a folder that administrators made below ProgramData", "O:BAD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)", false, true},
		{"a file of theirs in it", "O:BAD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)", true, true},
		{"a file of a user in it", "O:S-1-5-21-1-2-3-1001D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)", false, false},
		{"the folder of a user", "O:S-1-5-21-1-2-3-1001D:(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-21-1-2-3-1001)", false, false},
		{"everybody may change it", "O:BAD:(A;;FA;;;BA)(A;;0x1301bf;;;WD)", false, false},
		{"everybody may own it", "O:BAD:(A;;FA;;;BA)(A;;WO;;;WD)", false, false},
		{"users may add and nothing else", "O:BAD:(A;;FA;;;BA)(A;;0x2;;;BU)", false, true},
		{"users are kept out", "O:BAD:(D;;FA;;;BU)(A;;FA;;;BA)", true, true},
	} {
		descriptor, err := windows.SecurityDescriptorFromString(c.sddl)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for want, rights := range map[*bool]windows.ACCESS_MASK{&c.write: write, &c.replace: replace} {
			if got, err := onlyAdministrators(descriptor, rights); err != nil && *want || got != *want {
				t.Errorf("%s: rights %#x: %v, %v; want %v", c.name, rights, got, err, *want)
			}
		}
	}
}

// TestMissingAccessList: without a list of access everybody may do everything.
func TestMissingAccessList(t *testing.T) {
	descriptor, err := windows.NewSecurityDescriptor()
	if err != nil {
		t.Fatal(err)
	}
	administrators, err := windows.CreateWellKnownSid(windows.WinBuiltinAdministratorsSid)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(descriptor.SetOwner(administrators, false), descriptor.SetDACL(nil, true, false)); err != nil {
		t.Fatal(err)
	}
	if ok, err := onlyAdministrators(descriptor, replace); ok {
		t.Errorf("without a list: %v, %v; want false", ok, err)
	}
}

func TestMissingPath(t *testing.T) {
	if ok, err := AdminOnly(`C:\windows\nothing`); ok || !os.IsNotExist(err) {
		t.Errorf("a path that is not there: %v, %v", ok, err)
	}
}
