//go:build windows

package clipboard_test

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"

	"amarre/internal/clipboard"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")
)

// read returns the text on the clipboard and which formats are there.
func read(t *testing.T) (text string, has map[string]bool) {
	t.Helper()
	if ok, _, err := user32.NewProc("OpenClipboard").Call(0); ok == 0 {
		t.Fatal(err)
	}
	defer user32.NewProc("CloseClipboard").Call()
	if handle, _, _ := user32.NewProc("GetClipboardData").Call(13); handle != 0 {
		address, _, _ := kernel32.NewProc("GlobalLock").Call(handle)
		text = windows.UTF16PtrToString((*uint16)(*(*unsafe.Pointer)(unsafe.Pointer(&address))))
		_, _, _ = kernel32.NewProc("GlobalUnlock").Call(handle)
	}
	has = map[string]bool{}
	for _, name := range []string{"ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"} {
		wide, err := windows.UTF16PtrFromString(name)
		if err != nil {
			t.Fatal(err)
		}
		format, _, _ := user32.NewProc("RegisterClipboardFormatW").Call(uintptr(unsafe.Pointer(wide)))
		there, _, _ := user32.NewProc("IsClipboardFormatAvailable").Call(format)
		has[name] = there != 0
	}
	return text, has
}

// TestWindows: the text with the marks of a secret, and gone when it is dropped
// (security.md 18 and 19).
func TestWindows(t *testing.T) {
	w := &clipboard.Windows{}
	if w.Holds() {
		t.Error("it holds something at first")
	}
	if !w.SetSecret("TOKEN-é") || !w.Holds() {
		t.Fatal("the clipboard did not take it")
	}
	text, has := read(t)
	if text != "TOKEN-é" {
		t.Errorf("the clipboard has %q", text)
	}
	for name, there := range has {
		if !there {
			t.Errorf("the mark %s is not there", name)
		}
	}
	other := &clipboard.Windows{}
	if !other.SetSecret("of another program") || w.Holds() {
		t.Error("it holds what another program copied")
	}
	if w.Drop(); !other.Holds() {
		t.Error("what another program copied was destroyed")
	}
	if other.Drop(); other.Holds() {
		t.Error("it is not dropped")
	}
	if text, _ := read(t); text != "" {
		t.Errorf("the clipboard has %q", text)
	}
}
