//go:build cgo || ci

package main

import "amarre/internal/clipboard"

// secretiveClipboard returns the clipboard for secrets; nil if it cannot be had, and
// the toolkit's is used.
func secretiveClipboard() clipboard.Secretive {
	board, err := clipboard.NewMac()
	if err != nil {
		return nil
	}
	return board
}
