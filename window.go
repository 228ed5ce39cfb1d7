//go:build cgo || ci

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/theme"

	"amarre/assets"
	"amarre/authclient/authtest"
	"amarre/cli"
	"amarre/internal/clipboard"
	"amarre/internal/crash"
	"amarre/internal/desktop"
	"amarre/internal/filedialog"
	"amarre/internal/i18n"
	"amarre/internal/message"
	"amarre/internal/policy"
	"amarre/internal/report"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/internal/softgl"
	"amarre/profile"
	"amarre/ui"
)

// openWindow opens the window and returns when it is closed. The error is
// cli.ErrNoWindow where there is no display or no OpenGL.
func openWindow(opts cli.Options) error {
	delayGC()
	desktop.Prepare()
	dir, err := settings.Dir()
	if err != nil {
		return err
	}
	saved, settingsErr := settings.Load(dir)
	changer := settings.NewChanger(dir)
	defer changer.Close()
	texts, err := message.New(opts.Lang)
	if err != nil {
		return err
	}
	crashes := &crash.Handler{Version: version, Dir: dir, Tell: func(path string) {
		clipboard.Sweep(true)
		fmt.Fprintln(desktop.Stderr(softgl.Restarted()), texts.Crash(path))
	}}
	fixed, policyErr := policy.Load()
	deps := ui.Deps{
		Texts:          texts,
		Clients:        &service.Clients{UserAgent: appName + "/" + version, Policy: fixed},
		PolicyErr:      policyErr,
		Now:            time.Now,
		Run:            func(work func() (then func())) { run(crashes, work) },
		Do:             fyne.Do,
		After:          after,
		Sleep:          sleep,
		Settings:       saved,
		SettingsErr:    settingsErr,
		CrashReport:    crash.Latest(dir),
		ChangeSettings: changer.Change,
		NewTexts: func(language string) (*message.Texts, error) {
			return message.New(i18n.Choose(language, "", i18n.SystemLocale()))
		},
		Files:   fileDialogs{},
		Display: desktop.Display(),
		Remote:  desktop.IsRemote(),
		Version: version,
		Service: opts.Service,
	}
	deps.Closed = func() { endSoon(changer) }
	var notices notices
	if opts.Demo {
		server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
		if err != nil {
			return err
		}
		defer server.Close()
		deps.Store = profile.OpenMemory()
		deps.Demo = &ui.Demo{PortCode: authtest.DemoPortCode, ERPID: authtest.DemoERPID, Password: authtest.DemoPassword}
		deps.ChangeSettings, deps.SettingsErr, deps.CrashReport = func(func(*settings.Settings)) {}, nil, ""
		// Of the policy only the clipboard's delay matters: no service is real.
		deps.Clients.Demo, deps.Clients.Policy, deps.PolicyErr = server.URL, policy.Policy{File: fixed.File, MaxClear: fixed.MaxClear}, nil
	} else if deps.Store, err = openStore(notices.show); err != nil {
		return err
	}
	deps.Watch = func(ctx context.Context, changed func()) {
		go func() { // the folder may be on a slow network
			defer crashes.Recover()
			deps.Store.Watch(ctx, changed)
		}()
	}
	err = runApp(deps, crashes, &notices)
	if errors.Is(err, cli.ErrNoWindow) && softgl.Restart() {
		return nil // the other process has the window
	}
	return err
}

// fileDialogs are the system's.
type fileDialogs struct{}

func (fileDialogs) Open(ctx context.Context, o filedialog.Options) (string, error) {
	return filedialog.Open(ctx, o)
}

func (fileDialogs) Save(ctx context.Context, o filedialog.Options) (string, error) {
	return filedialog.Save(ctx, o)
}

// endTimeout is how long the program may take to end once its window is closed.
const endTimeout = 2 * time.Second

// endSoon ends the program, with status 0, if Fyne does not: its loop may close the queue of
// functions while an event still waits for one of them (runGL of Fyne 2.8.1 drains what
// has left the queue, not what is in it). The clipboard is cleared by then.
func endSoon(changer *settings.Changer) {
	time.AfterFunc(endTimeout, func() {
		changer.Close()
		os.Exit(0)
	})
}

// notices shows in the window, once there is one, what a call of the store waits for.
type notices struct{ window atomic.Pointer[ui.Window] }

func (n *notices) show(notice profile.Notice) {
	if w := n.window.Load(); w != nil {
		fyne.Do(func() { w.Notice(notice) })
	}
}

// metadata returns the app's metadata. Without it, a program that fyne package did not
// build reads FyneApp.toml at run time from wherever it finds one.
func metadata() fyne.AppMetadata {
	return fyne.AppMetadata{
		ID: appID, Name: appName, Version: version,
		Icon:       fyne.NewStaticResource("icon.png", assets.Icon),
		Release:    true,
		Migrations: map[string]bool{"fyneDo": true},
	}
}

// runApp shows the window and runs Fyne until it is closed.
func runApp(deps ui.Deps, crashes *crash.Handler, notices *notices) (err error) {
	started := false
	defer func() {
		switch value := recover(); {
		case value == nil:
		case started:
			crashes.Exit(value)
		default: // Fyne panics without a display
			err = fmt.Errorf("%w: %v", cli.ErrNoWindow, value)
		}
	}()
	app.SetMetadata(metadata())
	a := app.NewWithID(appID)
	a.SetIcon(metadata().Icon)
	ui.ApplyTheme(deps.Settings.Theme)
	fonts := make(chan struct{})
	go func() { // loading fonts takes as long as opening the window
		defer close(fonts)
		fyne.MeasureText(appName, theme.TextSize(), fyne.TextStyle{})
		fyne.MeasureText(appName, theme.TextSize(), fyne.TextStyle{Bold: true})
	}()
	win := a.NewWindow(appName)
	win.SetMaster()
	<-fonts
	deps.HideFromCaptures = desktop.CaptureHider(win)
	deps.Board, deps.SecretClipboard, deps.BoardIsAsync = a.Clipboard(), clipboard.System(), deps.Display == report.Wayland
	closed := deps.Closed
	deps.Closed = func() {
		closed()
		a.Quit()
	}
	w := ui.New(win, deps)
	notices.window.Store(w)
	win.Show()
	if !exists(win) {
		return cli.ErrNoWindow
	}
	started = true
	w.Started()
	clipboard.Sweep(false)
	a.Lifecycle().SetOnStarted(func() { closeOnSignal(w) })
	a.Run()
	return nil
}

// exists reports whether the system made a window that was shown. Without OpenGL, Fyne
// logs a line and would run without one.
func exists(win fyne.Window) bool {
	native, ok := win.(driver.NativeWindow)
	if !ok {
		return true
	}
	created := true
	native.RunNative(func(context any) {
		switch c := context.(type) {
		case driver.X11WindowContext:
			created = c.WindowHandle != 0
		case driver.WaylandWindowContext:
			created = c.WaylandSurface != 0
		case driver.WindowsWindowContext:
			created = c.HWND != 0
		case driver.MacWindowContext:
			created = c.NSWindow != 0
		}
	})
	return created
}

// closeOnSignal closes the window on SIGINT and SIGTERM, so that the clipboard is
// cleared; at once on a second one, or if the window does not answer. It replaces Fyne's
// handler, which exits without closing the window.
func closeOnSignal(w *ui.Window) {
	signal.Reset(syscall.SIGINT, syscall.SIGTERM)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-signals
		answers := make(chan struct{})
		fyne.Do(func() {
			close(answers)
			w.Terminate()
		})
		select {
		case <-answers:
			<-signals // it is waiting for a save
		case <-signals:
		case <-time.After(endTimeout): // the window hangs
		}
		clipboard.Sweep(true)
		os.Exit(1)
	}()
}

// delayGC turns the garbage collector off for the first second, which shortens the start
// by 5 to 10 %, and then gives back what the start has left, about 20 MB.
func delayGC() {
	percent := debug.SetGCPercent(-1)
	time.AfterFunc(time.Second, func() {
		debug.SetGCPercent(percent)
		debug.FreeOSMemory() // what the start has left
	})
}

// run calls work on a goroutine of its own, then what it returned on Fyne's.
func run(crashes *crash.Handler, work func() (then func())) {
	go func() {
		defer crashes.Recover()
		fyne.Do(work())
	}()
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// after calls f on Fyne's goroutine once d has passed, unless stop is called before.
func after(d time.Duration, f func()) (stop func()) {
	stopped := false // belongs to Fyne's goroutine
	timer := time.AfterFunc(d, func() {
		fyne.Do(func() {
			if !stopped {
				f()
			}
		})
	})
	return func() {
		stopped = true
		timer.Stop()
	}
}
