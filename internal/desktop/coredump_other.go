//go:build !unix

package desktop

// DisableCoreDumps does nothing: Go turns off Windows Error Reporting, which would
// write the program's memory to the disk.
func DisableCoreDumps() {}
