//go:build windows

package fileperm

import (
	"io/fs"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Rights that an entry of an access control list grants ("File Access Rights Constants",
// Microsoft Learn).
const (
	deleteChild = 0x40
	replace     = deleteChild | windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_ALL
	// The root of a volume cannot be renamed or deleted.
	replaceInRoot = replace &^ windows.DELETE
	write         = replace | windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.FILE_WRITE_EA | windows.FILE_WRITE_ATTRIBUTES | windows.GENERIC_WRITE
)

// trustedInstaller owns what Windows itself installs.
const trustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"

// adminChecks follow what Windows asks for: write rights to change a link, which keeps its
// target in its own data; DELETE on a folder, or FILE_DELETE_CHILD on the one above, to
// rename it.
var adminChecks = checks{
	replaceIn: func(folder string) (bool, error) {
		if filepath.Dir(folder) == folder {
			return onlyAdminsHave(folder, replaceInRoot)
		}
		return onlyAdminsHave(folder, replace)
	},
	retarget: func(link string) (bool, error) { return onlyAdminsHave(link, write) },
	write: func(file *os.File) (bool, error) {
		return onlyAdminsHaveHandle(windows.Handle(file.Fd()), write) // a file is opened with READ_CONTROL
	},
}

// isLink reports whether a path leads to another one: a symbolic link, a junction or the
// mount point of a volume. Of the last two os.Lstat says fs.ModeIrregular.
func isLink(info fs.FileInfo) bool {
	return info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0
}

// AdminOnly reports whether only administrators and the system can write the file at
// path, or add to the folder. The error is that of reading its owner and access list.
func AdminOnly(path string) (bool, error) {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, ownerAndList)
	if err != nil {
		return false, err
	}
	return onlyAdministrators(descriptor, write)
}

const ownerAndList = windows.OWNER_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION

// onlyAdminsHave reports whether only administrators and the system have any of the rights
// on a folder or, if the path is one, on the link itself.
func onlyAdminsHave(path string, rights windows.ACCESS_MASK) (bool, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return false, err
	}
	handle, err := windows.CreateFile(name, windows.READ_CONTROL,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_BACKUP_SEMANTICS|windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if err != nil {
		return false, err
	}
	defer windows.CloseHandle(handle)
	return onlyAdminsHaveHandle(handle, rights)
}

func onlyAdminsHaveHandle(handle windows.Handle, rights windows.ACCESS_MASK) (bool, error) {
	descriptor, err := windows.GetSecurityInfo(handle, windows.SE_FILE_OBJECT, ownerAndList)
	if err != nil {
		return false, err
	}
	return onlyAdministrators(descriptor, rights)
}

// onlyAdministrators reports whether administrators own the path of descriptor and
// nobody else has any of rights.
func onlyAdministrators(descriptor *windows.SECURITY_DESCRIPTOR, rights windows.ACCESS_MASK) (bool, error) {
	owner, _, err := descriptor.Owner()
	if err != nil || !isAdministrator(owner) {
		return false, err
	}
	list, _, err := descriptor.DACL()
	if err != nil || list == nil { // no list grants everything to everybody
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
		default: // an entry of a kind that is not known here
			return false, nil
		}
	}
	return true, nil
}

func isAdministrator(sid *windows.SID) bool {
	return sid.IsWellKnown(windows.WinBuiltinAdministratorsSid) || sid.IsWellKnown(windows.WinLocalSystemSid) || sid.String() == trustedInstaller
}
