//go:build e2e

package softgl

import "os"

// adminOnly returns what the end-to-end test says: Wine does not keep the rights of
// files.
func adminOnly(string) bool { return os.Getenv("AMARRE_PROTECTED") != "" }
