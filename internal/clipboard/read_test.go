package clipboard_test

import (
	"testing"

	"amarre/internal/clipboard"
)

// TestReadIsTheToolkitsElsewhere: where no clipboard can be read with limits.
func TestReadIsTheToolkitsElsewhere(t *testing.T) {
	for name, board := range map[string]clipboard.SecretClipboard{"no clipboard": nil, "one that is only written": &secretBoard{}} {
		if clipboard.ReaderOf(board) != nil {
			t.Errorf("%s has a reader", name)
		}
	}
}
