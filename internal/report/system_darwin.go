package report

import "golang.org/x/sys/unix"

// system names the version of macOS.
func system() string {
	version, err := unix.Sysctl("kern.osproductversion")
	if err != nil {
		return other
	}
	return "macOS " + version
}
