package clipboard

// System returns the system's clipboard for secrets; nil if AppKit has none, where the
// toolkit's clipboard is used.
func System() SecretClipboard {
	board, err := NewMac()
	if err != nil {
		return nil
	}
	return board
}
