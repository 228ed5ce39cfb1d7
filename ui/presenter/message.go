package presenter

import (
	"slices"
	"time"
)

// Look is how a message looks.
type Look int

// The looks.
const (
	Information Look = iota
	Warning          // something did not work, and is not a verdict
	Refusal          // the service refused
	Success
)

// Message is what the page says about the last action. It stays until the next one, or Escape.
type Message struct {
	Look        Look
	Title, Text string   // Title may be ""
	Actions     []Action // at most two

	ofCopy bool // about a copy: it outlives a save that follows
}

// Action is a button of a message.
type Action struct {
	Label string
	Do    func()
}

// Message returns the message; its Text is "" if there is none.
func (p *Presenter) Message() Message { return p.message }

// Act does an action of the message.
func (p *Presenter) Act(index int) {
	defer p.action()()
	if !p.Blocked() && index < len(p.message.Actions) {
		p.message.Actions[index].Do()
	}
}

// Trouble shows an error and up to two buttons.
func (p *Presenter) Trouble(text string, actions ...Action) {
	p.say(Message{Look: Warning, Text: text, Actions: actions})
}

// unverified shows why the service neither accepted nor refused, and offers the connection
// test.
func (p *Presenter) unverified(title, text string) {
	test := p.TestConnection
	if test == nil {
		test = p.ShowTroubleshooting
	}
	p.say(Message{Look: Warning, Title: title, Text: text, Actions: []Action{{p.t.T("result.test"), test}}})
}

// inform shows a message that is no error.
func (p *Presenter) inform(text string, actions ...Action) {
	p.say(Message{Look: Information, Text: text, Actions: actions})
}

// Tell shows a message that is no error.
func (p *Presenter) Tell(text string) { p.inform(text) }

func (p *Presenter) say(m Message) {
	defer p.action()()
	p.message = m
	p.update(PagePart)
}

// dismiss removes the message.
func (p *Presenter) dismiss() {
	if p.message.Text != "" {
		p.message = Message{}
		p.update(PagePart)
	}
}

// Notice is a short message over the page that goes by itself: a toast.
type Notice struct {
	Icon   string // of package assets
	Text   string
	Action Action // Label may be ""
}

// The time that a notice is shown, without and with a button.
const (
	noticeFor = 6 * time.Second
	actionFor = 30 * time.Second
)

// longestNotice is the most characters of a notice without a button: it is one line. What is
// longer is a message of the page.
const longestNotice = 72

// CurrentNotice returns the notice; its Text is "" if there is none.
func (p *Presenter) CurrentNotice() Notice { return p.notice }

// Say shows a notice. A label adds a button that calls do.
func (p *Presenter) Say(icon, text, label string, do func()) {
	defer p.action()()
	if label == "" && len([]rune(text)) > longestNotice {
		p.inform(text)
		return
	}
	p.notice = Notice{Icon: icon, Text: text, Action: Action{label, do}}
	last := noticeFor
	if label != "" {
		last = actionFor
	}
	p.stopNotice.replace(nil)
	if text != "" {
		p.stopNotice.replace(p.deps.After(last, p.dismissNotice))
	}
	p.update(NoticePart)
}

// ActOnNotice does the action of the notice.
func (p *Presenter) ActOnNotice() {
	defer p.action()()
	if do := p.notice.Action.Do; do != nil && !p.Blocked() {
		p.dismissNotice()
		do()
	}
}

// passNotice removes a notice that only tells something, because the user has done something
// else. One with a button stays for its time: what it undoes may not be undone otherwise.
func (p *Presenter) passNotice() {
	if p.notice.Action.Do == nil {
		p.dismissNotice()
	}
}

func (p *Presenter) dismissNotice() {
	defer p.action()()
	p.stopNotice.replace(nil)
	if p.notice.Text != "" {
		p.notice = Notice{}
		p.update(NoticePart)
	}
}

// ClipboardState is what is known of a copied secret.
type ClipboardState struct {
	Held  bool // a copied secret is on the clipboard
	Left  int  // seconds until it is cleared
	Of    int  // of so many
	Stuck bool // it could not be cleared
}

// Clipboard returns the state of the clipboard.
func (p *Presenter) Clipboard() ClipboardState {
	return ClipboardState{Held: p.guard.Held(), Left: p.guard.Left(), Of: int(p.ClearAfter().Seconds()), Stuck: p.guard.ClearFailed()}
}

// OnBoard reports whether the clipboard has what was copied here.
func (p *Presenter) OnBoard() bool { return p.guard.OnBoard() }

// ClearClipboard clears the copied secret from the clipboard.
func (p *Presenter) ClearClipboard() {
	defer p.action()()
	if p.guard.Clear() {
		p.Say("check", p.t.T("clipboard.cleared"), "", nil)
	}
	p.update(NoticePart)
}

// warnOfCopy adds a warning about the last copy to those that are shown.
func (p *Presenter) warnOfCopy(key string) {
	defer p.action()()
	p.copyWarnings = append(p.copyWarnings, p.t.T(key))
	text := ""
	for i, each := range slices.Compact(slices.Clone(p.copyWarnings)) {
		if i > 0 {
			text += "\n\n"
		}
		text += each
	}
	p.say(Message{Look: Information, Text: text, ofCopy: true})
}
