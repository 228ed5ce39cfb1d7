package report

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// workstation is the ProductType of a Windows that is no server: VER_NT_WORKSTATION.
const workstation = 1

// system names the version of Windows and its kind.
func system() string {
	v := windows.RtlGetVersion()
	kind := "Windows"
	if v.ProductType != workstation {
		kind = "Windows Server"
	}
	return fmt.Sprintf("%s %d.%d.%d", kind, v.MajorVersion, v.MinorVersion, v.BuildNumber)
}
