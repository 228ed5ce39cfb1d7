//go:build windows

package adminpath

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// What an entry of an access control list allows ("File Access Rights Constants",
// Microsoft Learn).
const (
	deleteChild = 0x40
	replace     = deleteChild | windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_ALL
	write       = replace | windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.FILE_WRITE_EA | windows.FILE_WRITE_ATTRIBUTES | windows.GENERIC_WRITE
)

// trustedInstaller owns what Windows itself installs.
const trustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"

// OnlyAdministratorsWrite reports whether nobody but administrators and the system can
// write a file, or add to a folder.
func OnlyAdministratorsWrite(path string) (bool, error) { return lacks(path, write) }

// OnlyAdministratorsReplace reports whether nobody but administrators and the system
// can replace what is in a folder. Others may add to it, as they may below
// %ProgramData%: what they add is theirs.
func OnlyAdministratorsReplace(folder string) (bool, error) { return lacks(folder, replace) }

func lacks(path string, rights windows.ACCESS_MASK) (bool, error) {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return false, err
	}
	return onlyAdministrators(descriptor, rights)
}

// onlyAdministrators reports whether a path is owned by administrators and nobody
// else has any of rights.
func onlyAdministrators(descriptor *windows.SECURITY_DESCRIPTOR, rights windows.ACCESS_MASK) (bool, error) {
	owner, _, err := descriptor.Owner()
	if err != nil || !isAdministrator(owner) {
		return false, err
	}
	list, _, err := descriptor.DACL()
	if err != nil || list == nil { // without a list everybody may do everything
		return false, err
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return false, err
		}
		if entry.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 || entry.Mask&rights == 0 {
			continue
		}
		switch entry.Header.AceType {
		case windows.ACCESS_DENIED_ACE_TYPE:
		case windows.ACCESS_ALLOWED_ACE_TYPE:
			if !isAdministrator((*windows.SID)(unsafe.Pointer(&entry.SidStart))) {
				return false, nil
			}
		default: // of a kind that is not understood
			return false, nil
		}
	}
	return true, nil
}

func isAdministrator(sid *windows.SID) bool {
	return sid.IsWellKnown(windows.WinBuiltinAdministratorsSid) || sid.IsWellKnown(windows.WinLocalSystemSid) || sid.String() == trustedInstaller
}
