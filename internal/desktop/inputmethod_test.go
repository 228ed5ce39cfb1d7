//go:build e2e && unix && !darwin

package desktop

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// TestInputMethodThatDoesNotRun is replaced by X11's own; one that runs is kept.
func TestInputMethodThatDoesNotRun(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	server := exec.Command("Xvfb", "-displayfd", "3", "-noreset", "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	t.Cleanup(func() { _ = server.Process.Signal(syscall.SIGTERM); _ = server.Wait() })
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	display := ":" + strings.TrimSpace(number)
	t.Setenv("DISPLAY", display)

	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const running = "@server=fcitx"
	atom, err := xproto.InternAtom(conn, false, uint16(len(running)), running).Reply()
	if err != nil {
		t.Fatal(err)
	}
	window, err := xproto.NewWindowId(conn)
	if err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn)
	if err := xproto.CreateWindowChecked(conn, 0, window, root.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, root.RootVisual, 0, nil).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.SetSelectionOwnerChecked(conn, window, atom.Atom, xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ set, want string }{
		{"@im=ibus", "@im=none"}, {"@im=fcitx", "@im=fcitx"}, {"@im=none", "@im=none"}, {"@im=local", "@im=local"}, {"", ""}, {"@im=", "@im="},
	} {
		t.Setenv("XMODIFIERS", c.set)
		chooseInputMethod()
		if got := os.Getenv("XMODIFIERS"); got != c.want {
			t.Errorf("%q became %q, want %q", c.set, got, c.want)
		}
	}
	t.Setenv("DISPLAY", ":999")
	t.Setenv("XMODIFIERS", "@im=ibus")
	chooseInputMethod()
	if got := os.Getenv("XMODIFIERS"); got != "@im=ibus" {
		t.Errorf("without a display it became %q", got)
	}
}
