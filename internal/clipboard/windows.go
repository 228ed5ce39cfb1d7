//go:build windows

package clipboard

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Windows is the clipboard of Windows for the copies that the guard makes. It
// marks them so that the clipboard's history, the cloud and well-behaved monitors
// leave them out. Its methods are called from one goroutine.
//
// A copy outlives the process: the guard clears it before that, and [Sweep] what is
// left of a crash.
type Windows struct {
	sequence uint32 // of the clipboard after the last copy; 0 for none
}

var (
	user32            = windows.NewLazySystemDLL("user32.dll")
	kernel32          = windows.NewLazySystemDLL("kernel32.dll")
	openClipboard     = user32.NewProc("OpenClipboard")
	closeClipboard    = user32.NewProc("CloseClipboard")
	emptyClipboard    = user32.NewProc("EmptyClipboard")
	getClipboardData  = user32.NewProc("GetClipboardData")
	setClipboardData  = user32.NewProc("SetClipboardData")
	registerFormat    = user32.NewProc("RegisterClipboardFormatW")
	sequenceNumber    = user32.NewProc("GetClipboardSequenceNumber")
	globalAlloc       = kernel32.NewProc("GlobalAlloc")
	globalFree        = kernel32.NewProc("GlobalFree")
	globalSize        = kernel32.NewProc("GlobalSize")
	globalLock        = kernel32.NewProc("GlobalLock")
	globalUnlock      = kernel32.NewProc("GlobalUnlock")
	openTries         = 10
	openPause         = 20 * time.Millisecond
	unicodeText       = uintptr(13) // CF_UNICODETEXT
	moveable          = uintptr(2)  // GMEM_MOVEABLE
	doNotRecord       = [4]byte{}   // a DWORD of 0: no
	doNotRecordFormat = []string{   // "Clipboard Formats", Microsoft Learn
		"ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard",
	}
)

// open opens the clipboard, which another program may have open for a moment.
func open() bool {
	for try := range openTries {
		if try > 0 {
			time.Sleep(openPause)
		}
		if ok, _, _ := openClipboard.Call(0); ok != 0 {
			return true
		}
	}
	return false
}

// SetSecret implements [SecretClipboard].
func (w *Windows) SetSecret(text string) bool {
	runtime.LockOSThread() // an open clipboard belongs to a thread
	defer runtime.UnlockOSThread()
	wide, err := windows.UTF16FromString(text)
	if err != nil || !open() {
		return false
	}
	if emptied, _, _ := emptyClipboard.Call(); emptied == 0 {
		_, _, _ = closeClipboard.Call()
		return false
	}
	w.sequence = 0 // the earlier copy is gone
	ok := put(unicodeText, unsafe.Slice((*byte)(unsafe.Pointer(&wide[0])), 2*len(wide)))
	for _, name := range doNotRecordFormat {
		if format := registered(name); format != 0 {
			put(format, doNotRecord[:])
		}
	}
	put(registered(copyMark), binary.LittleEndian.AppendUint32(nil, windows.GetCurrentProcessId()))
	_, _, _ = closeClipboard.Call()
	if ok {
		w.sequence = current()
	}
	return ok
}

// registered returns the number of a format, 0 if there is none.
func registered(name string) uintptr {
	wide, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0
	}
	format, _, _ := registerFormat.Call(uintptr(unsafe.Pointer(wide)))
	return format
}

// put gives data to the open clipboard, which owns it from then on.
func put(format uintptr, data []byte) bool {
	handle, _, _ := globalAlloc.Call(moveable, uintptr(len(data)))
	if handle == 0 {
		return false
	}
	address, _, _ := globalLock.Call(handle)
	if address == 0 {
		_, _, _ = globalFree.Call(handle)
		return false
	}
	copy(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&address))), len(data)), data)
	_, _, _ = globalUnlock.Call(handle)
	if taken, _, _ := setClipboardData.Call(format, handle); taken == 0 {
		_, _, _ = globalFree.Call(handle)
		return false
	}
	return true
}

func current() uint32 {
	number, _, _ := sequenceNumber.Call()
	return uint32(number)
}

// Holds implements [SecretClipboard].
func (w *Windows) Holds() bool { return w.sequence != 0 && current() == w.sequence }

// Clear implements [SecretClipboard].
func (w *Windows) Clear() {
	if !w.Holds() {
		w.sequence = 0
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if !open() {
		return
	}
	defer closeClipboard.Call()
	if !w.Holds() { // another program was faster
		w.sequence = 0
	} else if emptied, _, _ := emptyClipboard.Call(); emptied != 0 {
		w.sequence = 0
	}
}

// Sweep clears a copy that an Amarre process left on the clipboard when it ended; with own,
// also a copy of this process.
func Sweep(own bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if !open() {
		return
	}
	defer closeClipboard.Call()
	owner, ok := owner()
	if !ok {
		return
	}
	if isOwn := owner == windows.GetCurrentProcessId(); isOwn && own || !isOwn && !runs(owner) {
		_, _, _ = emptyClipboard.Call()
	}
}

// owner returns the process that made the copy on the open clipboard; false if it is
// no copy of this kind of program.
func owner() (pid uint32, ok bool) {
	handle, _, _ := getClipboardData.Call(registered(copyMark))
	if size, _, _ := globalSize.Call(handle); handle == 0 || size < 4 {
		return 0, false
	}
	address, _, _ := globalLock.Call(handle)
	if address == 0 {
		return 0, false
	}
	defer globalUnlock.Call(handle)
	return binary.LittleEndian.Uint32(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&address))), 4)), true
}

// runs reports whether a process is one of this program: its number may be another
// program's by now.
func runs(pid uint32) bool {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return false
	}
	defer windows.CloseHandle(process)
	var status uint32
	const stillActive = 259
	if windows.GetExitCodeProcess(process, &status) != nil || status != stillActive {
		return false
	}
	name := make([]uint16, windows.MAX_LONG_PATH)
	size := uint32(len(name))
	own, err := os.Executable()
	if err != nil || windows.QueryFullProcessImageName(process, 0, &name[0], &size) != nil {
		return true // if in doubt, leave it
	}
	return strings.EqualFold(filepath.Base(windows.UTF16ToString(name[:size])), filepath.Base(own))
}
