//go:build !unix

package main

// noCoreDumps does nothing: Go keeps the error reporting of Windows off, which would
// write the memory of a program to the disk.
func noCoreDumps() {}
