//go:build e2e && unix && !darwin

package desktop

import (
	"os"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"amarre/internal/displaytest"
)

// TestInputMethodThatDoesNotRun is replaced by X11's own; one that runs is kept.
func TestInputMethodThatDoesNotRun(t *testing.T) {
	display := displaytest.Start(t)
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
