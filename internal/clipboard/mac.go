//go:build darwin

package clipboard

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"github.com/ebitengine/purego"
	"github.com/ebitengine/purego/objc"
)

// Mac is the pasteboard of macOS for the copies that the guard makes. It marks them
// as concealed, so that clipboard histories leave them out (nspasteboard.org). Its
// methods are called from the main thread.
//
// A copy outlives the process: the guard clears it before that, and [Sweep] what is
// left of a crash.
type Mac struct {
	board objc.ID
	count int // of the pasteboard's changes after the last copy; 0 for none
}

// The types of what is on the pasteboard.
const (
	macText      = "public.utf8-plain-text"
	macConcealed = "org.nspasteboard.ConcealedType"
)

const appKit = "/System/Library/Frameworks/AppKit.framework/AppKit"

// NewMac opens the pasteboard.
func NewMac() (*Mac, error) {
	if _, err := purego.Dlopen(appKit, purego.RTLD_LAZY|purego.RTLD_GLOBAL); err != nil {
		return nil, fmt.Errorf("load AppKit: %w", err)
	}
	board := objc.ID(objc.GetClass("NSPasteboard")).Send(objc.RegisterName("generalPasteboard"))
	if board == 0 {
		return nil, fmt.Errorf("there is no pasteboard")
	}
	return &Mac{board: board}, nil
}

// nsString makes a string of the system's; text has no NUL.
func nsString(text string) objc.ID {
	return objc.ID(objc.GetClass("NSString")).Send(objc.RegisterName("stringWithUTF8String:"), text)
}

func (m *Mac) changes() int { return objc.Send[int](m.board, objc.RegisterName("changeCount")) }

func (m *Mac) put(text, kind string) bool {
	return objc.Send[bool](m.board, objc.RegisterName("setString:forType:"), nsString(text), nsString(kind))
}

func (m *Mac) clear() { m.board.Send(objc.RegisterName("clearContents")) }

// owner returns the process that made the copy on the pasteboard; 0 if it is no copy of
// this kind of program.
func (m *Mac) owner() (pid int) {
	text := m.board.Send(objc.RegisterName("stringForType:"), nsString(copyMark))
	if text == 0 {
		return 0
	}
	return objc.Send[int](text, objc.RegisterName("intValue"))
}

// SetSecret implements [SecretClipboard].
func (m *Mac) SetSecret(text string) bool {
	m.clear()
	m.count = 0 // the earlier copy is gone
	// The marks come first, for programs that look at any moment.
	m.put("", macConcealed)
	m.put(strconv.Itoa(os.Getpid()), copyMark)
	ok := m.put(text, macText)
	count := m.changes()
	if !ok || m.owner() != os.Getpid() { // another program copied something meanwhile
		return false
	}
	m.count = count
	return true
}

// Holds implements [SecretClipboard].
func (m *Mac) Holds() bool { return m.count != 0 && m.changes() == m.count }

// Clear implements [SecretClipboard].
func (m *Mac) Clear() {
	if m.Holds() {
		m.clear()
	}
	m.count = 0
}

// Sweep clears a copy that an Amarre process left on the pasteboard when it ended; with
// own, also a copy of this process.
func Sweep(own bool) {
	m, err := NewMac()
	if err != nil {
		return
	}
	pid := m.owner()
	if pid == 0 {
		return
	}
	alive := pid > 0 && syscall.Kill(pid, 0) == nil
	if isOwn := pid == os.Getpid(); isOwn && own || !isOwn && !alive {
		m.clear()
	}
}
