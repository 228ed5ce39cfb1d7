//go:build cgo || ci

package main

import "testing"

// TestMetadata: Fyne must not fall back on another thread for fyne.Do.
func TestMetadata(t *testing.T) {
	if m := metadata(); !m.Migrations["fyneDo"] || m.ID != appID || m.Name != appName || m.Version != version || !m.Release || m.Icon == nil {
		t.Errorf("the metadata is %+v", m)
	}
}
