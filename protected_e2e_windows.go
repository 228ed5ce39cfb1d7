//go:build e2e && (cgo || ci)

package main

import "os"

// isProtected reports what the end-to-end test says: the rights of files are not kept
// where Windows is only imitated.
func isProtected(string) bool { return os.Getenv("AMARRE_PROTECTED") != "" }
