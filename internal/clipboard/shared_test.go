package clipboard_test

import (
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/clipboard"
)

// secretBoard is a clipboard for secrets that other programs may take copies from.
type secretBoard struct {
	text    string // what it gives
	own     bool   // it is this program's
	refuses bool
	stuck   bool // it cannot be cleared
	manager bool
	keeps   string // what a manager puts back whenever it is erased
	erased  []clipboard.Sum
}

func (b *secretBoard) SetSecret(text string) bool {
	if !b.refuses {
		b.text, b.own = text, true
	}
	return !b.refuses
}
func (b *secretBoard) Holds() bool { return b.own }
func (b *secretBoard) Clear() {
	if b.own && !b.stuck {
		b.text, b.own = "", false
	}
}
func (b *secretBoard) HasManager() bool { return b.manager }
func (b *secretBoard) Erase(sum clipboard.Sum) bool {
	b.erased = append(b.erased, sum)
	found := !b.own && clipboard.SumOf([]byte(b.text)) == sum
	if found {
		b.text = b.keeps
	}
	return found
}

// takeOver is what a manager does.
func (b *secretBoard) takeOver() { b.own = false }

// shared is a guard of a secretBoard, and what it told.
type shared struct {
	*clipboard.Guard
	*clock
	board    *secretBoard
	warnings int
	changes  int
	hold     bool // keep work in held
	held     []func() func()
}

func newShared() *shared {
	s := &shared{board: &secretBoard{}, clock: &clock{now: monday}}
	s.Guard = clipboard.New(clipboard.Options{
		SecretClipboard: s.board, Now: func() time.Time { return s.now }, After: s.after, Changed: func() { s.changes++ }, ManagerFound: func() { s.warnings++ },
		Run: func(work func() func()) {
			if s.hold {
				s.held = append(s.held, work)
				return
			}
			work()()
		},
	})
	return s
}

// TestTakenOverCopyIsErased: a copy that a clipboard manager has taken over is cleared after
// the delay; what the user copied is not.
func TestTakenOverCopyIsErased(t *testing.T) {
	s := newShared()
	s.board.manager = true
	if !s.Copy(token, 45*time.Second) || s.warnings != 1 {
		t.Errorf("%d warnings of a manager", s.warnings)
	}
	s.board.takeOver()
	if s.advance(44 * time.Second); !s.Held() || s.board.text != "token" {
		t.Errorf("after 44 s it is held %v, the clipboard has %q", s.Held(), s.board.text)
	}
	if s.advance(time.Second); s.Held() || s.board.text != "" {
		t.Errorf("after 45 s the clipboard has %q", s.board.text)
	}

	s.board.manager = false
	s.Copy(token, 45*time.Second)
	s.board.text = "of the user"
	s.board.takeOver()
	if s.advance(time.Minute); s.board.text != "of the user" || s.ClearFailed() || s.warnings != 1 {
		t.Errorf("the clipboard has %q, after %d warnings", s.board.text, s.warnings)
	}
}

// TestPutBackCopyIsErasedAgain: what a manager puts back after the clearing is cleared again,
// a few times; then the user is told, and may try again.
func TestPutBackCopyIsErasedAgain(t *testing.T) {
	s := newShared()
	s.Copy(token, 45*time.Second)
	if !s.Clear() || s.board.text != "" {
		t.Error("it is not cleared at once")
	}
	s.board.text = "token" // the manager restored it
	if s.advance(time.Second); s.board.text != "" {
		t.Errorf("a second later the clipboard has %q", s.board.text)
	}
	if s.advance(time.Minute); len(s.board.erased) != 4 || s.ClearFailed() || len(s.timers) != 0 {
		t.Errorf("it was looked for %d times; failed: %v", len(s.board.erased), s.ClearFailed())
	}

	s.Copy(token, 45*time.Second)
	s.board.takeOver()
	s.board.keeps = "token"
	s.Clear()
	before := s.changes
	if s.advance(time.Minute); s.changes == before || !s.ClearFailed() || s.Held() || s.Left() != 0 {
		t.Error("a manager that puts it back each time is not told")
	}
	s.board.keeps = ""
	s.Clear()
	if s.advance(time.Minute); s.ClearFailed() || s.board.text != "" {
		t.Errorf("trying again leaves %q", s.board.text)
	}
	searches := len(s.board.erased)
	if s.Close(); len(s.board.erased) != searches {
		t.Error("what was cleared is looked for again at the end")
	}
}

// TestSearchEndsWithTheNextCopy: looking for the first copy neither goes on nor reports once
// there is a second one.
func TestSearchEndsWithTheNextCopy(t *testing.T) {
	s := newShared()
	s.Copy(token, 45*time.Second)
	s.Clear()
	s.Copy(token, 45*time.Second)
	if s.advance(44 * time.Second); s.board.text != "token" || len(s.board.erased) != 1 || s.Left() != 1 {
		t.Errorf("44 s after the second copy the clipboard has %q, it was looked for %d times", s.board.text, len(s.board.erased))
	}
	s.hold = true // the search that comes now
	s.advance(time.Second)
	s.Copy(authclient.NewSecret("second"), 45*time.Second)
	for _, work := range s.held {
		work()()
	}
	if s.advance(44 * time.Second); s.board.text != "second" || s.Left() != 1 {
		t.Errorf("44 s after the third copy the clipboard has %q, %d s left", s.board.text, s.Left())
	}
}

// TestCloseErases: a copy that a manager has, or may put back, is looked for before the
// program ends; nothing is called back after that.
func TestCloseErases(t *testing.T) {
	s := newShared()
	s.Close()
	if len(s.board.erased) != 0 {
		t.Error("without a copy, something is looked for")
	}
	s = newShared()
	s.Copy(token, 45*time.Second)
	s.board.takeOver()
	s.Close()
	if s.board.text != "" || s.Held() || len(s.timers) != 0 {
		t.Errorf("the clipboard has %q, %d timers run", s.board.text, len(s.timers))
	}
	s = newShared()
	s.board.manager = true
	s.hold = true
	s.Copy(token, 45*time.Second)
	s.Clear()
	s.board.text = "token" // restored
	if s.Close(); s.board.text != "" {
		t.Errorf("closed after clearing, the clipboard has %q", s.board.text)
	}
	for _, work := range s.held {
		work()()
	}
	if s.warnings != 0 || len(s.timers) != 0 || s.ClearFailed() {
		t.Error("it goes on after the end")
	}
	s = newShared()
	s.Copy(token, 45*time.Second)
	s.board.stuck = true
	if s.Close(); len(s.board.erased) != 1 {
		t.Error("what could not be cleared is not looked for")
	}
}
