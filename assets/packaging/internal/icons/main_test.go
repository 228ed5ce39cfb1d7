package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

func TestShrink(t *testing.T) {
	half := image.NewNRGBA(image.Rect(0, 0, 512, 512)) // the left half is red, the right one transparent
	for y := range 512 {
		for x := range 256 {
			half.Set(x, y, color.NRGBA{R: 255, A: 255})
		}
	}
	for _, size := range sizes {
		small := shrink(half, size)
		if got := small.Bounds().Dx(); got != size {
			t.Fatalf("width %d, want %d", got, size)
		}
		for x, want := range map[int]color.NRGBA{0: {R: 255, A: 255}, size/2 - 1: {R: 255, A: 255}, size - 1: {}} {
			if got := small.At(x, size/2); got != want {
				t.Errorf("size %d, pixel %d: %v, want %v", size, x, got, want)
			}
		}
	}
}

func TestPictures(t *testing.T) {
	dir := t.TempDir()
	if err := run("../../../icon.png", dir); err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	ico := read("amarre.ico")
	at := bytes.Index(ico, []byte("\x89PNG"))
	if at < 0 {
		t.Fatal("the icon has no image of 256 pixels")
	}
	if largest, err := png.Decode(bytes.NewReader(ico[at:])); err != nil || largest.Bounds().Dx() != 256 {
		t.Errorf("the icon's largest image: %v, want 256 pixels", err)
	}
	if first := 6 + 16*len(windows); ico[first] != 40 || ico[first+4] != 16 || ico[first+8] != 32 {
		t.Errorf("the icon's first bitmap begins with % x, want a header of 16 × 16 pixels and their mask", ico[first:first+12])
	}
	if bmp := read("sidebar.bmp"); len(bmp) != 14+40+314*164*3 {
		t.Errorf("the sidebar has %d bytes", len(bmp))
	}
}
