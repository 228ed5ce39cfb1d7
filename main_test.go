package main

import (
	"bytes"
	"image/png"
	"testing"

	"github.com/BurntSushi/toml"

	"amarre/assets"
)

// TestMetadataAgreesWithFyneApp compares what the program says of itself with what fyne
// package puts into installers.
func TestMetadataAgreesWithFyneApp(t *testing.T) {
	var file struct {
		Details struct {
			Icon, Name, ID, Version string
		}
		Migrations  map[string]bool
		LinuxAndBSD struct {
			GenericName, Comment string
			Categories, Keywords []string
		}
	}
	if _, err := toml.DecodeFile("FyneApp.toml", &file); err != nil {
		t.Fatal(err)
	}
	if d := file.Details; d.Name != appName || d.ID != appID || d.Version != version || d.Icon != "assets/icon.png" {
		t.Errorf("FyneApp.toml says %+v, the program %s, %s, %s", d, appName, appID, version)
	}
	if !file.Migrations["fyneDo"] {
		t.Error("FyneApp.toml does not migrate fyneDo")
	}
	if l := file.LinuxAndBSD; l.GenericName == "" || l.Comment == "" || len(l.Categories) == 0 || len(l.Keywords) == 0 {
		t.Errorf("[LinuxAndBSD] lacks something: %+v", l)
	}
	icon, err := png.Decode(bytes.NewReader(assets.Icon))
	if err != nil || icon.Bounds().Dx() != 512 || icon.Bounds().Dy() != 512 {
		t.Errorf("the icon is no PNG of 512 × 512 pixels: %v", err)
	}
}
