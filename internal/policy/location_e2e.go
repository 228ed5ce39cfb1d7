//go:build e2e

package policy

import "os"

// location returns where the end-to-end tests have put the policy.
func location() (string, error) { return os.Getenv("AMARRE_POLICY"), nil }

// open trusts every file: the tests need not be an administrator's.
func open(path string) (*os.File, error) { return os.Open(path) }
