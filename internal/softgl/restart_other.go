//go:build !windows

package softgl

// Restart returns false: on other systems Mesa chooses its renderer itself.
func Restart() bool { return false }
