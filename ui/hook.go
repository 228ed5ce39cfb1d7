//go:build !e2e

package ui

// serveHook does nothing: only the end-to-end build answers questions about the
// window.
func (w *Window) serveHook() {}
