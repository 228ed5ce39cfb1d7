package filedialog

import (
	"testing"
	"unsafe"
)

// TestLayout: the size is how Windows knows which version of the structure this is.
func TestLayout(t *testing.T) {
	want := map[uintptr]uintptr{4: 88, 8: 152}[unsafe.Sizeof(uintptr(0))]
	if got := unsafe.Sizeof(openFileName{}); got != want {
		t.Errorf("OPENFILENAMEW has %d bytes, want %d", got, want)
	}
}
