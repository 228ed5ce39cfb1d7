//go:build !windows && !darwin && !js

package desktop

import (
	"io"
	"os"
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// chooseInputMethod takes X11's own input method where XMODIFIERS names one that does not run.
// GLFW has none then, and dead keys type an accent and a letter in place of one letter: in an
// entry for a password nobody sees it.
func chooseInputMethod() {
	_, name, named := strings.Cut(os.Getenv("XMODIFIERS"), "@im=")
	name, _, _ = strings.Cut(name, "@")
	if !named || name == "" || name == "none" || name == "local" || os.Getenv("DISPLAY") == "" {
		return
	}
	xgb.Logger.SetOutput(io.Discard) // its remarks are not for users
	conn, err := xgb.NewConn()
	if err != nil {
		return
	}
	defer conn.Close()
	server := "@server=" + name
	atom, err := xproto.InternAtom(conn, true, uint16(len(server)), server).Reply()
	if err != nil {
		return
	}
	if atom.Atom != xproto.AtomNone {
		owner, err := xproto.GetSelectionOwner(conn, atom.Atom).Reply()
		if err != nil || owner.Owner != xproto.WindowNone {
			return
		}
	}
	_ = os.Setenv("XMODIFIERS", "@im=none")
}
