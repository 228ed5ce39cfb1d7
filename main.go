//go:build cgo || ci

// Amarre gets the Log@pass token of a marina's ERP, keeps it in the system
// keyring, and hands it over to the ERP.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/theme"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/cli"
	"amarre/internal/clipboard"
	"amarre/internal/i18n"
	"amarre/internal/policy"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/ui"
)

func main() {
	os.Exit(runProgram(window))
}

// window opens the window and returns when it is closed.
func window(opts cli.Options) error {
	quickStart()
	prepareSystem()
	dir, err := settings.Dir()
	if err != nil {
		return err
	}
	chosen, err := settings.Load(dir)
	if err != nil {
		chosen = settings.Settings{} // unreadable: the choices of a first start
	}
	texts, err := i18n.New(opts.Lang)
	if err != nil {
		return err
	}
	fixed, policyErr := policy.Load()
	boat := &lifeboat{opts: opts, texts: texts}
	deps := ui.Deps{
		Texts:     texts,
		NewClient: func(address, ca string) (ui.Client, error) { return newClient(address, ca, fixed.CAFile) },
		Now:       time.Now,
		Run:       boat.run,
		Do:        fyne.Do,
		After:     after,
		Settings:  chosen,
		// A choice that cannot be kept holds until the program ends.
		SaveSettings: func(s settings.Settings) { _ = settings.Save(dir, s) },
		NewTexts: func(language string) (*i18n.Texts, error) {
			return i18n.New(i18n.Choose(language, "", i18n.SystemLocale()))
		},
		Policy:    fixed,
		PolicyErr: policyErr,

		Display: display(),
		Remote:  isRemote(),
		Version: version,
		Service: opts.Service,
	}
	if report.IsSaved(dir, opts.CrashReport) {
		deps.CrashReport = opts.CrashReport
	}
	if opts.Demo {
		server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
		if err != nil {
			return err
		}
		defer server.Close()
		deps.Store = profile.OpenSession()
		deps.Demo = &ui.Demo{Service: server.URL, PortCode: authtest.DemoPortCode, ERPID: authtest.DemoERPID, Password: authtest.DemoPassword}
		deps.SaveSettings = func(settings.Settings) {}
		// Nothing is real, unless it was imported, or copied from elsewhere.
		deps.Policy, deps.PolicyErr = policy.Policy{File: fixed.File, MaxClear: fixed.MaxClear}, nil
	} else if deps.Store, err = openStore(); err != nil {
		return err
	}
	deps.Watch = func(ctx context.Context, changed func()) {
		go func() { // a folder may be far away
			defer boat.rescue()
			_ = deps.Store.Watch(ctx, changed) // without it the list is read again when this window changes it
		}()
	}
	err = open(deps, boat)
	if errors.Is(err, cli.ErrNoWindow) && startInSoftware() {
		return nil // the window is that program's
	}
	return err
}

// display returns what the window will be shown on.
func display() report.Display {
	switch {
	case runtime.GOOS == "windows":
		return report.Windows
	case runtime.GOOS == "darwin":
		return report.MacOS
	case os.Getenv("FYNE_PLATFORM") == "x11" || os.Getenv("WAYLAND_DISPLAY") == "":
		return report.X11
	default:
		return report.Wayland
	}
}

// open makes the window, shows it and runs until it is closed.
func open(deps ui.Deps, boat *lifeboat) (err error) {
	started := false // the window is there: a panic is a bug of ours
	defer func() {
		switch r := recover(); {
		case r == nil:
		case started:
			boat.crashed(r)
		default: // no display: Fyne panics
			err = fmt.Errorf("%w: %v", cli.ErrNoWindow, r)
		}
	}()
	app.SetMetadata(metadata())
	a := app.NewWithID(appID)
	a.SetIcon(metadata().Icon)
	warm := make(chan struct{})
	go func() { // loading the fonts takes as long as opening the window
		defer close(warm)
		fyne.MeasureText(appName, theme.TextSize(), fyne.TextStyle{})
		fyne.MeasureText(appName, theme.TextSize(), fyne.TextStyle{Bold: true})
	}()
	win := a.NewWindow(appName)
	win.SetMaster()
	<-warm
	deps.HideFromCaptures = hideFromCaptures(win)
	deps.Board, deps.Secretive, deps.BoardIsLate = a.Clipboard(), secretiveClipboard(), deps.Display == report.Wayland
	deps.Closed = a.Quit
	w := ui.New(win, deps)
	if err := show(win); err != nil {
		return err
	}
	started = true
	w.Started()
	clipboard.Sweep(false)
	a.Lifecycle().SetOnStarted(func() { catchSignals(w) })
	a.Run()
	return nil
}

// show shows the window and makes sure that there is one: without OpenGL, Fyne
// logs a line and would run for ever without a window.
func show(win fyne.Window) error {
	win.Show()
	native, ok := win.(driver.NativeWindow)
	if !ok {
		return nil
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
	if !created {
		return cli.ErrNoWindow
	}
	return nil
}

// catchSignals closes the window properly on SIGINT and SIGTERM, so that the
// clipboard is cleared: Fyne's own handler ends without asking the window.
func catchSignals(w *ui.Window) {
	signal.Reset(syscall.SIGINT, syscall.SIGTERM)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-signals
		fyne.Do(w.Close)
	}()
}

// prepareSystem settles what Fyne and the keyring library would each guess.
func prepareSystem() {
	log.SetOutput(io.Discard) // Fyne's remarks are not for users
	profile.SettleSessionBus()
	if cache, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(cache, 0o700) // Fyne makes its own folder in it, not it
	}
	if os.Getenv("FYNE_PLATFORM") == "" && os.Getenv("DISPLAY") != "" {
		_ = os.Setenv("FYNE_PLATFORM", "x11") // fyne issue 6447: lists on Wayland
	}
}

// quickStart leaves garbage where it is until the window is there.
func quickStart() {
	percent := debug.SetGCPercent(-1)
	time.AfterFunc(time.Second, func() { debug.SetGCPercent(percent) })
}

// newClient makes a client that accepts the authorities of PEM files as well.
func newClient(address string, authorities ...string) (ui.Client, error) {
	pool, err := authclient.LoadCA(authorities...)
	if err != nil {
		return nil, err
	}
	return authclient.New(address, authclient.Options{RootCAs: pool, UserAgent: appName + "/" + version})
}

// run calls work on a goroutine of its own, then what it returned on the window's.
func (l *lifeboat) run(work func() (then func())) {
	go func() {
		defer l.rescue()
		fyne.Do(work())
	}()
}

// after calls f on the window's goroutine once d has passed.
func after(d time.Duration, f func()) (stop func()) {
	stopped := false // belongs to the window's goroutine
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
