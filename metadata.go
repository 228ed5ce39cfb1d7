package main

import (
	"fyne.io/fyne/v2"

	"amarre/assets"
)

// What the program says it is. FyneApp.toml says the same to fyne package.
const (
	appID   = "io.github.amarre.Amarre"
	appName = "Amarre"
	version = "0.1.0"
)

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
