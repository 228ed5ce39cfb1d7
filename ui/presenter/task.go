package presenter

import (
	"context"
	"time"

	"amarre/profile"
)

// Task is a running operation. There is one at a time.
type Task struct {
	Text      string // what runs, and for how long
	Form      bool   // the form shows it: a login
	Dialog    bool   // the open dialog shows it
	Cancelled bool   // it was asked to end
	Late      bool   // it runs for so long that the user should know

	what     string // Text without the seconds
	waits    string // what it waits for; "" if that is not known
	keeps    bool   // it changes what is kept: the window does not end before it
	began    time.Time
	cancel   context.CancelFunc
	stopTick stopper // stops the next update of Text
	stopLate stopper // stops what sets Late
	show     func(text string)
}

// Task returns the running task, or nil.
func (p *Presenter) Task() *Task { return p.task }

// TaskOptions say how a task is shown.
type TaskOptions struct {
	Form   bool
	Dialog bool
	Keeps  bool // it changes what is kept: the window does not end before it
	// Background is set if the user did not ask for it: it is no activity.
	Background bool
	// Show is called every second with the text of the task, and with "" at its end. It may
	// be nil.
	Show func(text string)
}

// lateAfter is when a task is late. What ends before would only flicker.
const lateAfter = 300 * time.Millisecond

// Run runs work on another goroutine, and then the function that it returns on the goroutine
// of the window, even after a cancellation. Callers check Blocked first; a dialog may run a
// task while it is open.
func (p *Presenter) Run(text string, o TaskOptions, work func(ctx context.Context) (then func())) {
	defer p.action()()
	ctx, cancel := context.WithCancel(context.Background())
	t := &Task{what: text, Form: o.Form, Dialog: o.Dialog, keeps: o.Keeps, began: p.deps.Now(), cancel: cancel, show: o.Show}
	if !o.Background {
		p.Active()
	}
	p.task = t
	if !o.Dialog {
		p.passNotice()
	}
	p.tick(t)
	t.stopLate.replace(p.deps.After(lateAfter, func() {
		t.Late = true
		p.update(TaskPart)
	}))
	p.deps.Run(func() func() {
		then := work(ctx)
		return func() {
			defer p.action()()
			cancel()
			t.stopTick.replace(nil)
			t.stopLate.replace(nil)
			p.task = nil
			if p.closed {
				return
			}
			if t.show != nil {
				t.show("")
			}
			p.update(TaskPart)
			then()
			p.endIfAsked()
		}
	})
}

// Change is Run for a task that changes what is kept.
func (p *Presenter) Change(text string, work func(ctx context.Context) (then func())) {
	p.Run(text, TaskOptions{Keeps: true}, work)
}

// tick updates the text of a task, every second.
func (p *Presenter) tick(t *Task) {
	defer p.action()()
	t.Text = t.what
	if t.waits != "" {
		t.Text = t.waits
	}
	if t.Cancelled {
		t.Text = p.t.T("call.cancelling")
	} else if seconds := int(p.deps.Now().Sub(t.began).Seconds()); seconds >= 2 {
		t.Text = p.t.T("call.seconds", "Text", t.Text, "Seconds", seconds)
	}
	if t.show != nil {
		t.show(t.Text)
	}
	t.stopTick.replace(p.deps.After(time.Second, func() { p.tick(t) }))
	p.update(TaskPart)
}

// Cancel cancels the running task, if there is one.
func (p *Presenter) Cancel() {
	defer p.action()()
	if t := p.task; t != nil && !t.Cancelled {
		t.Cancelled = true
		t.cancel()
		t.Text = p.t.T("call.cancelling")
		p.update(TaskPart)
	}
}

// Notice shows what the running task waits for.
func (p *Presenter) Notice(n profile.Notice) {
	if p.task != nil {
		p.task.waits = p.t.Notice(n)
	}
}

// inBackground is deps.Run for what the user does not wait for: then is dropped once the
// window is closed.
func (p *Presenter) inBackground(work func() (then func())) {
	p.deps.Run(func() func() {
		then := work()
		return func() {
			defer p.action()()
			if !p.closed && then != nil {
				then()
			}
		}
	})
}
