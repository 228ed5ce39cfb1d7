// Amarre gets the Log@pass token of a marina's ERP, keeps it in the system keyring,
// and hands it over to the ERP. This file is the command line's entry; window.go opens
// the window.
package main

import (
	"context"
	"os"

	"amarre/cli"
	"amarre/internal/desktop"
	"amarre/internal/keyring"
	"amarre/internal/policy"
	"amarre/internal/settings"
	"amarre/internal/softgl"
	"amarre/profile"
)

// FyneApp.toml says the same, for fyne package.
const (
	appID   = "io.github.amarre.Amarre"
	appName = "Amarre"
	version = "0.1.0"
)

func main() {
	desktop.DisableCoreDumps()
	os.Exit(cli.Main(os.Args[1:], cli.Program{
		Version: version,
		Console: desktop.ConsoleProgram(),
		Stdin:   os.Stdin,
		Stdout:  desktop.Stdout(),
		Stderr:  desktop.Stderr(softgl.Restarted()),
		Window:  openWindow,
		Store:   openStore,
		Policy:  policy.Load,
		FyneDir: settings.FyneDir(appID),
	}))
}

// openStore opens the saved profiles, in the system keyring. Under a policy that
// cannot be read no password is kept.
func openStore(notice func(profile.Notice)) (*profile.Store, error) {
	dir, err := settings.Dir()
	if err != nil {
		return nil, err
	}
	fixed, policyErr := policy.Load()
	keyring.ChooseSessionBus()
	saved, _ := settings.Load(dir) // whoever needs them says so
	ring := keyring.System(keyring.SystemOptions{Provider: saved.KeyringProvider, ProviderChanged: func(provider string) {
		_ = settings.Change(context.Background(), dir, func(s *settings.Settings) { s.KeyringProvider = provider })
	}})
	return profile.Open(profile.Options{Dir: dir, Keyring: ring, Notice: notice, NoPasswords: fixed.NoPasswords || policyErr != nil}), nil
}
