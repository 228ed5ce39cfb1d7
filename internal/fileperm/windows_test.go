//go:build windows

package fileperm

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/windows"
)

// dataVolume is what Windows sets on the root of a new volume for data.
const dataVolume = "O:BAD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1301bf;;;AU)(A;OICI;0x1200a9;;;BU)"

// TestRootOfAVolume: all may change what they make on a volume for data, and its root lists
// DELETE for that, but nobody can rename a root.
func TestRootOfAVolume(t *testing.T) {
	descriptor, err := windows.SecurityDescriptorFromString(dataVolume)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := onlyAdministrators(descriptor, replaceInRoot); !ok || err != nil {
		t.Errorf("what administrators made in it can be replaced: %v, %v", ok, err)
	}
}

// TestOnlyAdministrators: lists of access in the forms in which Windows has them.
func TestOnlyAdministrators(t *testing.T) {
	for _, c := range []struct {
		name, sddl     string
		write, replace bool
	}{
		{"Program Files", "O:" + trustedInstaller + "D:PAI(A;;FA;;;" + trustedInstaller + ")(A;;FA;;;SY)(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)(A;OICIIO;GA;;;CO)", true, true},
		{"the root of the system's volume", "O:" + trustedInstaller + "D:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)(A;OICIIO;SDGXGWGR;;;AU)(A;;LC;;;AU)", false, true},
		{"ProgramData", "O:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)", false, true},
		{"the root of another volume", dataVolume, false, false},
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

// TestOpen: what Windows itself installs is trusted from the root of its volume on. In Wine
// the user who runs it owns every file.
func TestOpen(t *testing.T) {
	system, err := windows.GetSystemDirectory()
	if err != nil {
		t.Fatal(err)
	}
	file, err := Open(system + `\kernel32.dll`)
	if wine := windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil; wine {
		if !errors.Is(err, ErrUntrusted) {
			t.Errorf("in Wine: %v, %v; want ErrUntrusted", file, err)
		}
	} else if err != nil {
		t.Errorf("a file of Windows: %v", err)
	}
	if err == nil {
		_ = file.Close()
	}
	own := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(own, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if file, err := Open(own); !errors.Is(err, ErrUntrusted) {
		t.Errorf("a user's own file: %v, %v", file, err)
	}
	for _, missing := range []string{own + "x", filepath.Join(own+"x", "file"), `C:\windows\nothing`} {
		if file, err := Open(missing); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, %v; want fs.ErrNotExist", missing, file, err)
		}
	}
}

// TestOpenedFileIsAsked: the owner and the list are those of the file that was opened,
// and of each folder as it is asked.
func TestOpenedFileIsAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if ok, err := adminChecks.write(file); ok || err != nil {
		t.Errorf("a user's own file: %v, %v", ok, err)
	}
	for _, folder := range []string{filepath.Dir(path), filepath.VolumeName(path) + `\`} {
		if _, err := adminChecks.replaceIn(folder); err != nil {
			t.Errorf("%s cannot be asked: %v", folder, err)
		}
	}
}

// TestJunction: a junction is a link, though os.Lstat does not call it one.
func TestJunction(t *testing.T) {
	base := t.TempDir()
	target, link := filepath.Join(base, "target"), filepath.Join(base, "link")
	if err := os.Mkdir(target, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(target, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("cmd", "/c", "mklink", "/J", link, target).CombinedOutput()
	if _, missing := os.Lstat(link); err != nil || missing != nil {
		t.Skipf("no junction can be made here, as in Wine 8: %v %s", err, out)
	}
	var retargeted, folders []string
	yes := func(list *[]string) func(string) (bool, error) {
		return func(name string) (bool, error) { *list = append(*list, name); return true, nil }
	}
	file, err := open(filepath.Join(link, "file"), checks{
		replaceIn: yes(&folders), retarget: yes(&retargeted),
		write: func(*os.File) (bool, error) { return true, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	if !slices.Equal(retargeted, []string{link}) || !slices.Contains(folders, target) {
		t.Errorf("asked for the links %q and the folders %q; want %s and %s", retargeted, folders, link, target)
	}
}
