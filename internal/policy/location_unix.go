//go:build unix && !e2e

package policy

import "runtime"

// location returns where the policy is; "" if there is no such place.
func location() string {
	if runtime.GOOS == "darwin" {
		return "/Library/Application Support/Amarre/policy.toml"
	}
	return "/etc/amarre/policy.toml"
}
