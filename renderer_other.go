//go:build !windows && (cgo || ci)

package main

// startInSoftware reports false: elsewhere Mesa chooses its renderer itself.
func startInSoftware() bool { return false }
