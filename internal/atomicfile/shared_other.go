//go:build !windows

package atomicfile

// Only Windows keeps others out of an open file.

func inUse(error) bool         { return false }
func deletePending(error) bool { return false }
