//go:build !e2e

package ui

// serveHook does nothing. The build for end-to-end tests has another one.
func (w *Window) serveHook() {}
