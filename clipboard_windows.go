//go:build windows && (cgo || ci)

package main

import "amarre/internal/clipboard"

// secretiveClipboard returns the clipboard for secrets.
func secretiveClipboard() clipboard.Secretive { return &clipboard.Windows{} }
