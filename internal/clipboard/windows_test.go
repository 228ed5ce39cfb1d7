//go:build windows

package clipboard_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
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
	runtime.LockOSThread() // an open clipboard belongs to a thread
	defer runtime.UnlockOSThread()
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

// expect requires that the clipboard has a text.
func expect(t *testing.T, what, want string) {
	t.Helper()
	if text, _ := read(t); text != want {
		t.Errorf("%s the clipboard has %q, want %q", what, text, want)
	}
}

// TestWindows: the text with the marks of a secret, and gone when it is dropped
// (docs/security.md 18 and 19).
func TestWindows(t *testing.T) {
	w := &clipboard.Windows{}
	if w.Holds() {
		t.Error("it holds something at first")
	}
	if !w.SetSecret("TOKEN-é") || !w.Holds() {
		t.Fatal("the clipboard did not take it")
	}
	expect(t, "after a copy", "TOKEN-é")
	_, has := read(t)
	for name, there := range has {
		if !there {
			t.Errorf("the mark %s is not there", name)
		}
	}
	other := &clipboard.Windows{}
	if !other.SetSecret("of another program") || w.Holds() {
		t.Error("it holds what another program copied")
	}
	if w.Clear(); !other.Holds() {
		t.Error("what another program copied was destroyed")
	}
	if other.Clear(); other.Holds() {
		t.Error("it is not dropped")
	}
	if text, _ := read(t); text != "" {
		t.Errorf("the clipboard has %q", text)
	}
}

// other runs a step of this file in a program of its own, and returns what it
// printed.
func other(t *testing.T, step string, args ...string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"-test.run=^TestOtherProgram$", "-test.v"}, args...)...)
	cmd.Env = append(os.Environ(), "AMARRE_STEP="+step)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", step, err, out)
	}
	_, rest, _ := strings.Cut(string(out), "<<")
	text, _, _ := strings.Cut(rest, ">>")
	return text
}

// TestOtherProgram is what another program does; see other.
func TestOtherProgram(t *testing.T) {
	switch os.Getenv("AMARRE_STEP") {
	case "read":
		text, has := read(t)
		fmt.Printf("<<%s %v>>\n", text, has)
	case "keep it open":
		runtime.LockOSThread()
		window, _, _ := user32.NewProc("GetDesktopWindow").Call()
		if ok, _, err := user32.NewProc("OpenClipboard").Call(window); ok == 0 {
			t.Fatal(err)
		}
		fmt.Println("<<open>>")
		_, _ = io.Copy(io.Discard, os.Stdin) // until the other program is done
		_, _, _ = user32.NewProc("CloseClipboard").Call()
	case "copy and crash":
		if !(&clipboard.Windows{}).SetSecret("LEFT-BEHIND") {
			t.Fatal("the clipboard did not take it")
		}
		os.Exit(0) // without clearing
	case "sweep":
		clipboard.Sweep(false)
	}
}

// TestWindowsBusyClipboard: while another program has the clipboard open, a copy fails and
// the earlier one stays known; so it is cleared as soon as that is possible.
func TestWindowsBusyClipboard(t *testing.T) {
	w := &clipboard.Windows{}
	if !w.SetSecret("first") {
		t.Fatal("the clipboard did not take it")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestOtherProgram$", "-test.v")
	cmd.Env = append(os.Environ(), "AMARRE_STEP=keep it open")
	release, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(said); lines.Scan() && !strings.Contains(lines.Text(), "<<open>>"); {
	}
	if w.SetSecret("second") || !w.Holds() {
		t.Errorf("a copy that cannot be made leaves the first one held %v", w.Holds())
	}
	if w.Clear(); !w.Holds() {
		t.Error("the first copy is forgotten, and was not cleared")
	}
	_ = release.Close()
	if _, err := io.Copy(io.Discard, said); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	expect(t, "while it could not be cleared", "first")
	if w.Clear(); w.Holds() {
		t.Error("it is not cleared")
	}
	expect(t, "after clearing", "")
}

// set copies a text as any program does.
func set(t *testing.T, text string) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if ok, _, err := user32.NewProc("OpenClipboard").Call(0); ok == 0 {
		t.Fatal(err)
	}
	defer user32.NewProc("CloseClipboard").Call()
	_, _, _ = user32.NewProc("EmptyClipboard").Call()
	wide, err := windows.UTF16FromString(text)
	if err != nil {
		t.Fatal(err)
	}
	handle, _, _ := kernel32.NewProc("GlobalAlloc").Call(2, uintptr(2*len(wide)))
	address, _, _ := kernel32.NewProc("GlobalLock").Call(handle)
	copy(unsafe.Slice((*uint16)(*(*unsafe.Pointer)(unsafe.Pointer(&address))), len(wide)), wide)
	_, _, _ = kernel32.NewProc("GlobalUnlock").Call(handle)
	_, _, _ = user32.NewProc("SetClipboardData").Call(13, handle)
}

// TestWindowsReadByAnotherProgram: the text and the marks are there for another
// program, and nothing is once it is dropped (docs/security.md 18).
func TestWindowsReadByAnotherProgram(t *testing.T) {
	w := &clipboard.Windows{}
	if !w.SetSecret("TOKEN-é") {
		t.Fatal("the clipboard did not take it")
	}
	if got := other(t, "read"); !strings.HasPrefix(got, "TOKEN-é ") || strings.Count(got, ":true") != 3 {
		t.Errorf("another program reads %q", got)
	}
	w.Clear()
	if got := other(t, "read"); !strings.HasPrefix(got, " ") || strings.Contains(got, ":true") {
		t.Errorf("after it is dropped another program reads %q", got)
	}
}

// TestSweepAfterACrash: what a program left by ending without clearing is cleared
// by the next one; what a running one or the user has copied is not (docs/security.md 19).
func TestSweepAfterACrash(t *testing.T) {
	other(t, "copy and crash")
	expect(t, "after a crash", "LEFT-BEHIND")
	clipboard.Sweep(false)
	expect(t, "after sweeping", "")

	w := &clipboard.Windows{}
	if !w.SetSecret("of a running program") {
		t.Fatal("the clipboard did not take it")
	}
	clipboard.Sweep(false)
	if !w.Holds() {
		t.Error("a program sweeps its own copy")
	}
	other(t, "sweep")
	expect(t, "while the program that copied runs", "of a running program")
	clipboard.Sweep(true)
	expect(t, "after a crash of its own", "")

	set(t, "of the user")
	clipboard.Sweep(true)
	expect(t, "after the user copied", "of the user")
	set(t, "")
}
