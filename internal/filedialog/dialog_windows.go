package filedialog

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	comdlg32    = windows.NewLazySystemDLL("comdlg32.dll")
	user32      = windows.NewLazySystemDLL("user32.dll")
	getOpenFile = comdlg32.NewProc("GetOpenFileNameW")
	getSaveFile = comdlg32.NewProc("GetSaveFileNameW")
	dialogError = comdlg32.NewProc("CommDlgExtendedError")
	enumWindows = user32.NewProc("EnumThreadWindows")
	postMessage = user32.NewProc("PostMessageW")
)

// openFileName is OPENFILENAMEW.
type openFileName struct {
	size            uint32
	owner           uintptr
	instance        uintptr
	filter          *uint16
	customFilter    *uint16
	maxCustomFilter uint32
	filterIndex     uint32
	file            *uint16
	maxFile         uint32
	fileTitle       *uint16
	maxFileTitle    uint32
	initialDir      *uint16
	title           *uint16
	flags           uint32
	fileOffset      uint16
	fileExtension   uint16
	defaultExt      *uint16
	customData      uintptr
	hook            uintptr
	templateName    *uint16
	reserved        uintptr
	reservedToo     uint32
	flagsEx         uint32
}

const (
	ofnOverwritePrompt = 0x2
	ofnHideReadOnly    = 0x4
	ofnNoChangeDir     = 0x8
	ofnPathMustExist   = 0x800
	ofnFileMustExist   = 0x1000
	ofnExplorer        = 0x80000
	ofnDontAddToRecent = 0x2000000

	badFileName = 0x3002 // FNERR_INVALIDFILENAME

	wmCommand = 0x111
	idCancel  = 2
	idNo      = 7 // of the question whether to replace a file
)

// closeInterval is the time between the messages that close a dialog: a question above it is
// closed first.
const closeInterval = 100 * time.Millisecond

// show has a thread of its own for the dialog, which runs its own loop of messages.
func show(ctx context.Context, o Options, save bool) (string, error) {
	type answer struct {
		path string
		err  error
	}
	thread, done := make(chan uint32, 1), make(chan answer, 1)
	go func() {
		runtime.LockOSThread() // for good: what the shell leaves on the thread ends with it
		if windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED) == nil {
			defer windows.CoUninitialize()
		}
		thread <- windows.GetCurrentThreadId()
		path, err := showHere(o, save)
		done <- answer{path, err}
	}()
	id := <-thread
	select {
	case a := <-done:
		return a.path, a.err
	case <-ctx.Done():
		go func() {
			tick := time.NewTicker(closeInterval)
			defer tick.Stop()
			for {
				_, _, _ = enumWindows.Call(uintptr(id), closeDialog(), 0)
				select {
				case <-done:
					return
				case <-tick.C:
				}
			}
		}()
		return "", ctx.Err()
	}
}

// closeDialog returns a callback that tells a window to cancel if it is a dialog.
var closeDialog = sync.OnceValue(func() uintptr {
	return windows.NewCallback(func(window, _ uintptr) uintptr {
		var class [16]uint16
		n, err := windows.GetClassName(windows.HWND(window), &class[0], int32(len(class)))
		if err == nil && windows.UTF16ToString(class[:n]) == "#32770" && windows.IsWindowVisible(windows.HWND(window)) {
			_, _, _ = postMessage.Call(window, wmCommand, idCancel, 0)
			_, _, _ = postMessage.Call(window, wmCommand, idNo, 0)
		}
		return 1 // go on
	})
})

// showHere shows a dialog on this thread.
func showHere(o Options, save bool) (string, error) {
	proc, flags := getOpenFile, uint32(ofnFileMustExist)
	if save {
		proc, flags = getSaveFile, ofnOverwritePrompt
	}
	if err := proc.Find(); err != nil {
		return "", unavailable(err)
	}
	file := make([]uint16, 32<<10) // a path has at most so many
	if save {
		copy(file[:len(file)-1], utf16.Encode([]rune(strings.ReplaceAll(o.Name, "\x00", ""))))
	}
	dialog := openFileName{
		owner: o.Parent, file: &file[0], maxFile: uint32(len(file)), filterIndex: 1,
		flags: flags | ofnPathMustExist | ofnHideReadOnly | ofnNoChangeDir | ofnExplorer | ofnDontAddToRecent,
	}
	dialog.size = uint32(unsafe.Sizeof(dialog))
	if filter := pairs(o.Filters); filter != "" {
		dialog.filter = &utf16.Encode([]rune(filter))[0]
	}
	for _, text := range []struct {
		to   **uint16
		from string
	}{
		{&dialog.title, o.Title}, {&dialog.initialDir, o.Folder}, {&dialog.defaultExt, strings.TrimPrefix(filepath.Ext(o.Name), ".")},
	} {
		if text.from == "" {
			continue
		}
		wide, err := windows.UTF16PtrFromString(text.from)
		if err != nil {
			return "", err
		}
		*text.to = wide
	}
	ok, _, _ := proc.Call(uintptr(unsafe.Pointer(&dialog)))
	if ok != 0 {
		return windows.UTF16ToString(file), nil
	}
	code, _, _ := dialogError.Call()
	switch {
	case code == 0:
		return "", ErrCancelled
	case code == badFileName && o.Name != "":
		o.Name = "" // Windows has no such names
		return showHere(o, save)
	default:
		return "", unavailable(fmt.Errorf("the dialog failed: %#x", code))
	}
}
