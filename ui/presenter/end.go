package presenter

import (
	"strings"

	"amarre/authclient"
	"amarre/internal/settings"
)

// ending is how the window ends once the running task has ended.
type ending int

const (
	stays  ending = iota
	quits         // as Quit: what would be lost is asked about
	closes        // as Close
)

// Quit closes the window. It asks first if unsaved changes, profiles of the session or
// deletions that can be undone would be lost. A task that changes what is kept ends before;
// any other is cancelled.
func (p *Presenter) Quit() {
	defer p.action()()
	if p.asking() || p.closed {
		return
	}
	if p.working() {
		p.quitRun()
		return
	}
	if p.task != nil {
		p.ending = max(p.ending, quits)
		if !p.task.keeps {
			p.Cancel()
		}
		return
	}
	p.unlessUnsaved(func() {
		var lost []string
		if n := p.inSession(); n > 0 {
			lost = append(lost, p.t.N("session.quit", n))
		}
		deleted := 0
		for _, each := range p.removed {
			deleted += len(each)
		}
		if deleted > 0 {
			lost = append(lost, p.t.N("delete.quit", deleted))
		}
		if n := p.unsavedTokens(); n > 0 {
			lost = append(lost, p.t.N("many.lost", n))
		}
		if len(lost) == 0 || p.deps.Demo != nil {
			p.Close()
			return
		}
		p.ask(Question{Title: p.t.T("session.quit_title"), Text: strings.Join(lost, "\n\n"), Answers: []Answer{
			{Text: p.t.T("session.quit_anyway"), Do: p.Close}, {Text: p.t.T("unsaved.stay")},
		}})
	})
}

// quitRun quits once the run has stopped. Log-ins are asked about: the list would be lost.
func (p *Presenter) quitRun() {
	stop := func() {
		p.ending = max(p.ending, quits)
		p.StopRun()
	}
	if !p.many.Logins {
		stop()
		return
	}
	p.ask(Question{Title: p.t.T("many.quit_title"), Text: p.t.N("many.quit", p.many.Left), Answers: []Answer{
		{Text: p.t.T("session.quit_anyway"), Do: stop}, {Text: p.t.T("unsaved.stay")},
	}})
}

// Terminate closes the window without asking, as Close, once a task that changes what is kept
// has ended.
func (p *Presenter) Terminate() {
	if p.working() { // a token that has arrived is saved
		p.ending = closes
		p.StopRun()
		return
	}
	if p.task != nil && p.task.keeps {
		p.ending = closes
		return
	}
	p.Close()
}

// Close closes the window at once. It clears the clipboard and saves the size of the window.
func (p *Presenter) Close() {
	if p.closed {
		return
	}
	p.closed = true
	if p.task != nil {
		p.task.cancel()
		p.task.stopTick.replace(nil)
		p.task.stopLate.replace(nil)
	}
	if p.many.cancel != nil {
		p.many.cancel()
	}
	p.many = many{}
	for _, stop := range []*stopper{&p.stopNaming, &p.stopWatch, &p.stopIdle, &p.stopReveal, &p.stopNotice} {
		stop.replace(nil)
	}
	p.guard.Close()
	p.cred, p.form.Password, p.removed = nil, authclient.Secret{}, nil
	p.question, p.message, p.notice, p.waiting = nil, Message{}, Notice{}, nil // they may have secrets
	width, height := p.view.Size()
	p.settings.Width, p.settings.Height = width, height
	p.deps.ChangeSettings(func(s *settings.Settings) { s.Width, s.Height = width, height })
	p.view.Close()
	p.deps.Closed()
}

// endIfAsked ends the window if that waited for a task. A question that the task has asked
// comes first.
func (p *Presenter) endIfAsked() {
	ending := p.ending
	if ending == stays || p.task != nil || p.working() {
		return
	}
	p.ending = stays
	switch {
	case ending == closes:
		p.Close()
	case !p.asking():
		p.Quit()
	}
}
