//go:build !windows && (!unix || darwin) && (cgo || ci)

package main

import "amarre/internal/clipboard"

// secretiveClipboard returns nil: the toolkit's clipboard is used.
func secretiveClipboard() clipboard.Secretive { return nil }
