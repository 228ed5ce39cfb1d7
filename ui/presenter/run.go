package presenter

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/internal/keyring"
	"amarre/internal/settings"
	"amarre/profile"
)

// working reports whether a run runs.
func (p *Presenter) working() bool { return p.many.Step == Working }

// ShowRun shows the run, or how it ended.
func (p *Presenter) ShowRun() {
	defer p.action()()
	if !p.Blocked() && p.many.Step >= Working {
		p.unlessUnsaved(p.showMany)
	}
}

// startRun begins a run for ports of given services.
func (p *Presenter) startRun(logins bool, services []string, newRun func(bulk.Deps) *bulk.Run) {
	clients := map[authclient.Address]*authclient.Client{}
	failures := map[authclient.Address]error{}
	slices.Sort(services)
	for _, service := range slices.Compact(services) { // on this goroutine: Clients may change
		if address, err := authclient.ParseAddress(service); err == nil {
			if client, err := p.Client(service); err == nil {
				clients[address] = client
			} else {
				failures[address] = err
			}
		}
	}
	var pending atomic.Bool
	deps := bulk.Deps{
		Store: p.deps.Store, Pace: p.calls, Now: p.deps.Now, Sleep: p.deps.Sleep,
		Client: func(address authclient.Address) (*authclient.Client, error) {
			if client := clients[address]; client != nil {
				return client, nil
			}
			return nil, cmp.Or(failures[address], error(errNoClient))
		},
		Changed: func(int) { // many changes may come before the window can draw one
			if pending.CompareAndSwap(false, true) {
				p.deps.Do(func() {
					pending.Store(false)
					p.runChanged()
				})
			}
		},
	}
	p.many = many{Many: Many{Logins: logins, Began: p.deps.Now()}, run: newRun(deps)}
	p.goOn()
}

// errNoClient says that a run was not told of a service.
var errNoClient = errors.New("no client for this service")

// goOn lets the run do what is left.
func (p *Presenter) goOn() {
	m := &p.many
	ctx, cancel := context.WithCancel(context.Background())
	run := m.run
	m.Step, m.cancel, m.Stop = Working, cancel, bulk.Stop{}
	p.runChanged()
	p.update(ManyPart | ListPart | PagePart)
	p.focusOn(ToPrimary, 0)
	p.deps.Run(func() func() {
		stop := run.Go(ctx)
		return func() {
			defer p.action()()
			cancel()
			if !p.closed && p.many.run == run {
				p.runStopped(stop)
			}
		}
	})
}

// runChanged takes how far the run is.
func (p *Presenter) runChanged() {
	defer p.action()()
	m := &p.many
	if p.closed || m.run == nil {
		return
	}
	m.Lines = m.run.Lines()
	m.Left, m.About = m.run.Left()
	p.update(ManyPart)
}

// runStopped shows how the run ended: on its page, or in a notice that leads there.
func (p *Presenter) runStopped(stop bulk.Stop) {
	m := &p.many
	m.Step, m.Stop, m.Ended = Worked, stop, p.deps.Now()
	p.runChanged()
	p.update(ManyPart | ListPart | PagePart)
	if stop.Err != nil {
		p.recheckKeyring(stop.Err)
	}
	if p.under() == ManyPorts {
		p.focusOn(ToPrimary, 0)
	} else if stop.Reason != bulk.Cancelled || !m.Logins {
		icon := "circle-check"
		if p.Report().Attention() {
			icon = "circle-x"
		}
		p.Say(icon, p.t.Summary(p.Report().Summary(p.t)), p.t.T("check.all_show"), p.ShowRun)
	}
	p.Reload(nil)
	p.endIfAsked()
}

// PauseRun lets the call that runs end, and begins no other.
func (p *Presenter) PauseRun() {
	if p.working() {
		p.many.run.Pause()
	}
}

// StopRun ends the run. The call that runs is cut off; a token that has arrived is saved.
func (p *Presenter) StopRun() {
	if p.working() {
		p.many.run.Pause()
		p.many.cancel()
	}
}

// ContinueRun does what is left.
func (p *Presenter) ContinueRun() {
	defer p.action()()
	if p.many.Step == Worked && p.many.Left > 0 && !p.Blocked() {
		p.goOn()
	}
}

// RetryRun does again what did not go well.
func (p *Presenter) RetryRun() {
	defer p.action()()
	if p.many.Step == Worked && p.RetryCount() > 0 && !p.Blocked() {
		p.many.run.Again(bulk.Refused, bulk.NotVerified, bulk.NoToken)
		p.goOn()
	}
}

// RetryCount returns how many ports RetryRun would ask for again.
func (p *Presenter) RetryCount() int {
	return p.count(bulk.Refused) + p.count(bulk.NotVerified) + p.count(bulk.NoToken)
}

// DecideMany ends every line whose new token differs from the saved one, with one answer.
func (p *Presenter) DecideMany(replace bool) {
	defer p.action()()
	m := &p.many
	if m.Step != Worked || p.count(bulk.Differs) == 0 || p.Blocked() {
		return
	}
	run := m.run
	p.Change(p.t.T("save.running"), func(ctx context.Context) func() {
		err := run.Decide(ctx, replace)
		return func() {
			p.runChanged()
			if err != nil {
				p.Trouble(p.t.Store(err))
				p.recheckKeyring(err)
			}
			p.focusOn(ToPrimary, 0)
			p.Reload(nil)
		}
	})
}

// count returns how many lines are in a state.
func (p *Presenter) count(state bulk.State) (n int) {
	for _, line := range p.many.Lines {
		if line.State == state {
			n++
		}
	}
	return n
}

// unsavedTokens returns how many tokens would be lost with the run.
func (p *Presenter) unsavedTokens() int {
	if p.many.run == nil || !p.many.Logins {
		return 0
	}
	return p.many.run.Unsaved()
}

// Report returns the report of the run.
func (p *Presenter) Report() bulk.Report {
	m := &p.many
	return bulk.NewReport(m.Lines, m.Began, m.Ended, m.Stop, p.t.Line)
}

// checkDaily checks every port once a day, at the first start, if the user wants that.
func (p *Presenter) checkDaily() {
	today := p.deps.Now().Format(time.DateOnly)
	if !p.settings.CheckDaily || p.settings.CheckedOn == today || p.deps.Demo != nil || p.keyring != keyring.Ready || len(p.list.all) == 0 || p.many.Step != NoStep || p.closed {
		return
	}
	p.ChangeSettings(func(s *settings.Settings) { s.CheckedOn = today })
	p.startCheck(p.list.all)
}

// SetPause changes the time between two calls to a service.
func (p *Presenter) SetPause(pause time.Duration) {
	defer p.action()()
	p.ChangeSettings(func(s *settings.Settings) { s.PauseMilliseconds = int(pause.Milliseconds()) })
	p.calls.SetPause(p.settings.Pause(), p.deps.Now())
}

// checkMany asks the service for the tokens of saved profiles, politely, while the window can be
// used. Of one port it says the outcome in a notice; else it shows the page of the run.
func (p *Presenter) checkMany(selected []profile.Profile) {
	if p.working() || p.unsavedTokens() > 0 {
		p.ShowRun()
		return
	}
	p.unlessManyLost(func() {
		if len(selected) > 1 {
			p.unlessUnsaved(p.showMany)
		}
		p.startCheck(selected)
	})
}

func (p *Presenter) startCheck(selected []profile.Profile) {
	services := make([]string, len(selected))
	for i, each := range selected {
		services[i] = each.Service
	}
	selected = slices.Clone(selected)
	p.startRun(false, services, func(deps bulk.Deps) *bulk.Run { return bulk.Check(deps, selected) })
}

// CheckListed checks the token of every port that the list shows, or of the marked ones: see
// [bulk.Check].
func (p *Presenter) CheckListed() {
	defer p.action()()
	if p.Blocked() {
		return
	}
	selected := p.AllMarked()
	if len(selected) == 0 {
		for row := range p.Rows() {
			selected = append(selected, p.At(row))
		}
	}
	p.CheckThese(selected)
}

// CheckThese checks the tokens of given ports.
func (p *Presenter) CheckThese(selected []profile.Profile) {
	defer p.action()()
	if !p.Blocked() && len(selected) > 0 {
		p.checkMany(selected)
	}
}
