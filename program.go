package main

import (
	"os"
	"path/filepath"
	"runtime"

	"fyne.io/fyne/v2"

	"amarre/assets"
	"amarre/cli"
	"amarre/internal/policy"
	"amarre/internal/settings"
	"amarre/profile"
)

// What the program says it is. FyneApp.toml says the same to fyne package.
const (
	appID   = "io.github.amarre.Amarre"
	appName = "Amarre"
	version = "0.1.0"
)

// restarted is set in the environment of a window that this program has started again:
// nobody reads its streams.
const restarted = "AMARRE_RESTARTED"

// metadata is set by hand, because a program that was not made by fyne package
// would read FyneApp.toml at run time, from wherever it happens to be.
func metadata() fyne.AppMetadata {
	return fyne.AppMetadata{
		ID: appID, Name: appName, Version: version,
		Icon:       fyne.NewStaticResource("icon.png", assets.Icon),
		Release:    true,
		Migrations: map[string]bool{"fyneDo": true},
	}
}

// runProgram runs the command line with a way to open the window, and returns
// the exit status.
func runProgram(window func(cli.Options) error) int {
	noCoreDumps()
	stdin, stdout, stderr := streams()
	return cli.Main(os.Args[1:], cli.Program{Version: version, Command: typed(), NoConsole: noConsole(), Stdin: stdin, Stdout: stdout, Stderr: stderr, Window: window, Store: openStore, Policy: policy.Load, Toolkit: toolkitFolder()})
}

// toolkitFolder returns where Fyne keeps an empty file of preferences for the window
// (fyne/internal/app, rootConfigDir); "" if that is not known.
func toolkitFolder() string {
	base, err := os.UserConfigDir()
	home, homeErr := os.UserHomeDir()
	if err != nil || homeErr != nil {
		return ""
	}
	switch runtime.GOOS {
	case "darwin":
		base = filepath.Join(home, "Library", "Preferences")
	case "windows": // not %AppData%, which may be elsewhere
		base = filepath.Join(home, "AppData", "Roaming")
	}
	return filepath.Join(base, "fyne", appID)
}

// openStore opens the saved profiles, in the system keyring. Under a policy that
// cannot be read no password is kept.
func openStore() (*profile.Store, error) {
	dir, err := settings.Dir()
	if err != nil {
		return nil, err
	}
	fixed, policyErr := policy.Load()
	profile.SettleSessionBus()
	return profile.Open(profile.Options{Dir: dir, Ring: profile.SystemRing(), NoPasswords: fixed.NoPasswords || policyErr != nil}), nil
}
