//go:build e2e && unix && !darwin

package clipboard

import (
	"context"
	"fmt"
	"io"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jezek/xgb/xproto"

	"amarre/internal/displaytest"
)

// connect is a program on a display.
func connect(t *testing.T, display string) *X11 {
	t.Helper()
	x, err := NewX11(display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	return x
}

// text returns what a program reads in a selection.
func (x *X11) text(t *testing.T, selection xproto.Atom) string {
	t.Helper()
	ctx := t.Context()
	return string(x.read(ctx, selection, x.now(ctx)))
}

// clipboard returns what a program reads on the clipboard.
func (x *X11) clipboard(t *testing.T) string {
	t.Helper()
	return x.text(t, x.atoms[atomClipboard])
}

// offer makes a program offer a text in a selection, as one without marks does.
func (x *X11) offer(t *testing.T, selection xproto.Atom, text string) *offer {
	t.Helper()
	x.changing.Lock()
	defer x.changing.Unlock()
	o := &offer{text: []byte(text)}
	if _, ok := x.own(selection, o, x.now(t.Context())); !ok {
		t.Errorf("the selection was not taken for %q", text)
	}
	return o
}

// asked reports whether another program has read what this one offers.
func (x *X11) asked() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, o := range x.offers {
		select {
		case <-o.asked:
			return true
		default:
		}
	}
	return false
}

// kept returns how many copies and windows a program has.
func (x *X11) kept() (offers, windows int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.offers), len(x.events)
}

// ends fails if f takes longer than any call of the window may.
func ends(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s does not return", what)
	}
}

// TestX11CopiesAmongOthers: while another program copies too, a copy that is said to be made
// is one that the program can give.
func TestX11CopiesAmongOthers(t *testing.T) {
	display := displaytest.Start(t)
	mine, other, reader := connect(t, display), connect(t, display), connect(t, display)
	var stop atomic.Bool
	var others sync.WaitGroup
	others.Go(func() {
		for i := 0; !stop.Load(); i++ {
			other.SetSecret(fmt.Sprint("other", i))
		}
	})
	made, read := 0, 0
	for i := range 2000 {
		text := fmt.Sprint("mine", i)
		if !mine.SetSecret(text) {
			continue
		}
		made++
		if !mine.Holds() {
			continue
		}
		got := reader.clipboard(t)
		switch {
		case got == text:
			read++
		case mine.Holds():
			t.Fatalf("this program owns the clipboard and gives %q for %q", got, text)
		}
	}
	stop.Store(true)
	others.Wait()
	t.Logf("%d of 2000 copies were made, %d read", made, read)
	if read == 0 {
		t.Error("no copy was read at all")
	}
	if !mine.SetSecret("last") || reader.clipboard(t) != "last" || !mine.Holds() {
		t.Error("the last copy cannot be read")
	}
	if other.Clear(); !mine.Holds() {
		t.Error("another program's clearing took the last copy")
	}
}

// TestX11GivesUpOnlyItsOwnCopy: clearing after another program's copy leaves that one.
func TestX11GivesUpOnlyItsOwnCopy(t *testing.T) {
	display := displaytest.Start(t)
	mine, other := connect(t, display), connect(t, display)
	if !mine.SetSecret("first") || !mine.SetSecret("second") {
		t.Fatal("the clipboard did not take it")
	}
	if got := other.clipboard(t); got != "second" {
		t.Errorf("the clipboard has %q", got)
	}
	if offers, windows := mine.kept(); offers != 1 || windows != 1 {
		t.Errorf("it keeps %d copies, %d windows", offers, windows)
	}
	other.offer(t, other.atoms[atomClipboard], "of the user")
	if mine.Holds() {
		t.Error("it holds what another program copied")
	}
	if mine.Clear(); mine.clipboard(t) != "of the user" {
		t.Errorf("the clipboard has %q", mine.clipboard(t))
	}
	if mine.SetSecret("third"); !mine.Holds() {
		t.Error("it does not hold the third copy")
	}
	if mine.Clear(); mine.Holds() || other.clipboard(t) != "" || other.owner(other.atoms[atomClipboard]) != 0 {
		t.Error("it is not cleared")
	}
	if offers, windows := mine.kept(); offers != 0 || windows != 0 {
		t.Errorf("it still keeps %d copies, %d windows", offers, windows)
	}
}

// TestX11Erase: a copy that other programs took over is removed from both selections and the
// cut buffer; what is not that copy, or was copied later, is left.
func TestX11Erase(t *testing.T) {
	display := displaytest.Start(t)
	mine, other := connect(t, display), connect(t, display)
	clipboard := other.atoms[atomClipboard]
	buffer := func(text string) {
		t.Helper()
		if err := xproto.ChangePropertyChecked(other.conn, xproto.PropModeReplace, other.root, xproto.AtomCutBuffer0, xproto.AtomString, 8, uint32(len(text)), []byte(text)).Check(); err != nil {
			t.Fatal(err)
		}
	}
	sum := SumOf([]byte("TOKEN"))
	buffer("TOKEN")
	other.offer(t, clipboard, "TOKEN")
	other.offer(t, xproto.AtomPrimary, "TOKEN")
	if !mine.Erase(sum) {
		t.Error("nothing was found")
	}
	if left := other.clipboard(t) + other.text(t, xproto.AtomPrimary) + cutBuffer(t, other); strings.Contains(left, "TOKEN") {
		t.Errorf("there is still %q", left)
	}
	if mine.Erase(sum) {
		t.Error("it is found again")
	}
	buffer("another")
	other.offer(t, clipboard, "TOKEN and more")
	other.offer(t, xproto.AtomPrimary, strings.Repeat("x", maxRead+1))
	if mine.Erase(sum) {
		t.Error("another text is taken for the copy")
	}
	if left := other.clipboard(t) + cutBuffer(t, other); left != "TOKEN and moreanother" {
		t.Errorf("what is no copy was destroyed: there is %q", left)
	}

	// A new copy of this program with the same text stays.
	if mine.SetSecret("TOKEN"); mine.Erase(sum) || !mine.Holds() {
		t.Error("the next copy is taken for the earlier one")
	}
	mine.changing.Lock()
	_, ok := mine.own(clipboard, &offer{text: []byte(replacement)}, 0)
	mine.changing.Unlock()
	if ok {
		t.Error("the clipboard is taken without a time")
	}
}

// TestX11EraseAtOnce: a copy that another program took over in the millisecond in which it is
// looked for is erased too.
func TestX11EraseAtOnce(t *testing.T) {
	display := displaytest.Start(t)
	mine, manager := connect(t, display), connect(t, display)
	clipboard, sum := manager.atoms[atomClipboard], SumOf([]byte("TOKEN"))
	for i := range 200 {
		manager.offer(t, clipboard, "TOKEN")
		if !mine.replace(t.Context(), clipboard, sum) {
			t.Fatalf("round %d: nothing was found", i)
		}
		if got := manager.clipboard(t); got != replacement {
			t.Fatalf("round %d: the clipboard has %q", i, got)
		}
	}
}

// TestX11EraseAmongOthers: what another program copies while a copy is being erased stays.
func TestX11EraseAmongOthers(t *testing.T) {
	display := displaytest.Start(t)
	mine, manager, user := connect(t, display), connect(t, display), connect(t, display)
	clipboard, sum := user.atoms[atomClipboard], SumOf([]byte("TOKEN"))
	for range 100 {
		asked := manager.offer(t, clipboard, "TOKEN").asked
		var copying sync.WaitGroup
		copying.Go(func() {
			<-asked
			user.offer(t, clipboard, "of the user")
		})
		mine.replace(t.Context(), clipboard, sum)
		copying.Wait()
		if got := mine.clipboard(t); got != "of the user" {
			t.Fatalf("the clipboard has %q", got)
		}
	}
}

// cutBuffer returns the text in CUT_BUFFER0.
func cutBuffer(t *testing.T, x *X11) string {
	t.Helper()
	reply, err := xproto.GetProperty(x.conn, false, x.root, xproto.AtomCutBuffer0, xproto.GetPropertyTypeAny, 0, maxRead).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return string(reply.Value)
}

// TestX11OwnerThatHangs: a program that owns the clipboard and does not answer holds nothing
// up; what others offer is erased meanwhile.
func TestX11OwnerThatHangs(t *testing.T) {
	display := displaytest.Start(t)
	mine, hung := connect(t, display), connect(t, display)
	hung.offer(t, hung.atoms[atomClipboard], "TOKEN")
	other := connect(t, display)
	other.offer(t, xproto.AtomPrimary, "TOKEN")
	hung.mu.Lock() // its answers need this
	defer hung.mu.Unlock()
	ends(t, "Erase", func() {
		if !mine.Erase(SumOf([]byte("TOKEN"))) || other.text(t, xproto.AtomPrimary) == "TOKEN" {
			t.Error("what another program offers stays")
		}
	})
	ends(t, "Erase once more", func() {
		if mine.Erase(SumOf([]byte("TOKEN"))) {
			t.Error("it found what nobody told")
		}
	})
	ends(t, "SetSecret", func() {
		if !mine.SetSecret("next") || !mine.Holds() {
			t.Error("nothing can be copied")
		}
	})
}

// TestX11Closed: after the connection is closed, no call blocks or says yes.
func TestX11Closed(t *testing.T) {
	x := connect(t, displaytest.Start(t))
	if !x.SetSecret("a") {
		t.Fatal("the clipboard did not take it")
	}
	x.Close()
	ends(t, "a call after Close", func() {
		if x.SetSecret("b") || x.Holds() || x.HasManager() || x.Erase(SumOf([]byte("a"))) {
			t.Error("a closed connection says yes")
		}
		x.Clear()
		x.Close()
	})
}

// TestX11ServerThatHangs: a server that answers no more does not freeze the window, and what
// was not confirmed is not said to be copied.
func TestX11ServerThatHangs(t *testing.T) {
	display, frozen := slowDisplay(t, displaytest.Start(t))
	x := connect(t, display)
	if !x.SetSecret("a") {
		t.Fatal("the clipboard did not take it")
	}
	frozen.Lock()
	ends(t, "a call", func() {
		if x.SetSecret("b") || x.Holds() {
			t.Error("a server that does not answer is said to have the copy")
		}
	})
	ends(t, "Clear", x.Clear)
	frozen.Unlock()
	ends(t, "what hung", func() {
		for x.owner(x.atoms[atomClipboard]) != 0 || x.Holds() {
			runtime.Gosched()
		}
	})
}

// TestLateSuccessIsUndone: what succeeds after the caller was told that it failed does not stay.
func TestLateSuccessIsUndone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		undone := 0
		late := func(ctx context.Context) bool { <-ctx.Done(); return true }
		if limited(time.Second, late, func() { undone++ }) {
			t.Error("it says yes after the limit")
		}
		if synctest.Wait(); undone != 1 {
			t.Errorf("it is undone %d times", undone)
		}
		failed := func(ctx context.Context) bool { <-ctx.Done(); return false }
		done := func(context.Context) bool { return true }
		if limited(time.Second, failed, func() { undone++ }) || !limited(time.Second, done, func() { undone++ }) {
			t.Error("it does not say what happened")
		}
		if synctest.Wait(); undone != 1 {
			t.Error("what failed, or was in time, is undone")
		}
	})
}

// slowDisplay returns another address of a display. While its lock is held, nothing that the
// server answers passes.
func slowDisplay(t *testing.T, display string) (string, *sync.Mutex) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	frozen := &sync.Mutex{}
	pass := func() {
		frozen.Lock()
		defer frozen.Unlock()
	}
	go func() {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(display, ":"))
		if err != nil {
			_ = client.Close()
			return
		}
		go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
		buffer := make([]byte, 4096)
		for {
			n, err := server.Read(buffer)
			pass()
			if _, werr := client.Write(buffer[:n]); err != nil || werr != nil {
				_ = client.Close()
				return
			}
		}
	}()
	port := listener.Addr().(*net.TCPAddr).Port
	return "tcp/127.0.0.1:" + strconv.Itoa(port-6000), frozen
}
