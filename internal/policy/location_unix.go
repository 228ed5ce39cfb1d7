//go:build unix && !e2e

package policy

import "runtime"

// location returns where the policy is; there is always a place.
func location() (string, error) {
	if runtime.GOOS == "darwin" {
		return "/Library/Application Support/Amarre/policy.toml", nil
	}
	return "/etc/amarre/policy.toml", nil
}
