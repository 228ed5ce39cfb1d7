// Icons makes the pictures that the packages need from the program's icon of
// 512 × 512 pixels: SIZE.png for Linux, amarre.ico for Windows, and sidebar.bmp
// for its installer.
//
//	go run ./assets/packaging/internal/icons FROM.png TO-FOLDER
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strconv"
)

var (
	sizes   = []int{16, 22, 24, 32, 48, 64, 128, 256, 512}
	windows = []int{16, 24, 32, 48, 64, 256}
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: icons FROM.png TO-FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "icons:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	source, err := png.Decode(file)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	images := map[int]*image.NRGBA{}
	files := map[string][]byte{}
	for _, size := range sizes {
		images[size] = shrink(source, size)
		files[strconv.Itoa(size)+".png"] = encodePNG(images[size])
	}
	files["amarre.ico"] = encodeICO(windows, images)
	files["sidebar.bmp"] = encodeBMP(sidebar(images[128]))
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(to, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// shrink returns a square image whose pixels are the averages of the areas of
// source that they cover. The colours are averaged with their opacity, so that
// transparent corners darken nothing.
func shrink(source image.Image, size int) *image.NRGBA {
	b := source.Bounds()
	scale := float64(b.Dx()) / float64(size)
	out := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			var sum [4]float64
			var area float64
			cover(float64(y)*scale, float64(y+1)*scale, func(sy int, wy float64) {
				cover(float64(x)*scale, float64(x+1)*scale, func(sx int, wx float64) {
					r, g, bl, a := source.At(b.Min.X+min(sx, b.Dx()-1), b.Min.Y+min(sy, b.Dy()-1)).RGBA()
					for i, v := range [4]uint32{r, g, bl, a} {
						sum[i] += float64(v) * wx * wy
					}
					area += wx * wy
				})
			})
			var c [4]uint16
			for i := range sum {
				c[i] = uint16(math.Round(sum[i] / area))
			}
			out.Set(x, y, color.RGBA64{R: c[0], G: c[1], B: c[2], A: c[3]})
		}
	}
	return out
}

// cover calls f for each whole number whose unit meets [from, to), with the
// length that they share.
func cover(from, to float64, f func(at int, length float64)) {
	for at := int(from); float64(at) < to-1e-9; at++ {
		f(at, math.Min(to, float64(at+1))-math.Max(from, float64(at)))
	}
}

// sidebar returns the picture of the installer's first and last page, in the size
// that NSIS wants: the icon on the colours of its sea and quay.
func sidebar(icon image.Image) *image.NRGBA {
	const width, height = 164, 314
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	top, bottom := color.NRGBA{0xe8, 0xf2, 0xf8, 0xff}, color.NRGBA{0xa9, 0xcc, 0xe2, 0xff}
	mix := func(a, b uint8, y int) uint8 { return uint8((int(a)*(height-1-y) + int(b)*y) / (height - 1)) }
	for y := range height {
		for x := range width {
			out.SetNRGBA(x, y, color.NRGBA{mix(top.R, bottom.R, y), mix(top.G, bottom.G, y), mix(top.B, bottom.B, y), 0xff})
		}
	}
	at := image.Pt((width-icon.Bounds().Dx())/2, 40)
	draw.Draw(out, icon.Bounds().Add(at), icon, image.Point{}, draw.Over)
	return out
}

func encodePNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		panic(err) // an image without pixels
	}
	return b.Bytes()
}

// encodeICO returns an icon file: bitmaps, which every Windows program reads, and
// a PNG for the size of 256, as Windows does.
func encodeICO(sizes []int, images map[int]*image.NRGBA) []byte {
	type entry struct {
		Width, Height, Colours, Reserved uint8
		Planes, Bits                     uint16
		Length, Offset                   uint32
	}
	var head, body bytes.Buffer
	put(&head, [3]uint16{0, 1, uint16(len(sizes))})
	for _, size := range sizes {
		content := encodePNG(images[size])
		if size < 256 {
			content = append(bitmap(images[size], 32, 2*size), make([]byte, size*((size+31)/32*4))...) // the mask hides nothing
		}
		put(&head, entry{ // 256 is written as 0
			Width: uint8(size), Height: uint8(size), Planes: 1, Bits: 32,
			Length: uint32(len(content)), Offset: uint32(6 + 16*len(sizes) + body.Len()),
		})
		body.Write(content)
	}
	return append(head.Bytes(), body.Bytes()...)
}

// encodeBMP returns a bitmap file of 24 bits a pixel.
func encodeBMP(img *image.NRGBA) []byte {
	var b bytes.Buffer
	pixels := bitmap(img, 24, img.Bounds().Dy())
	b.WriteString("BM")
	put(&b, [3]uint32{uint32(14 + len(pixels)), 0, 14 + 40})
	b.Write(pixels)
	return b.Bytes()
}

// bitmap returns a header and the pixels, from the lowest row up; height is what
// the header says.
func bitmap(img *image.NRGBA, bits, height int) []byte {
	var b bytes.Buffer
	size := img.Bounds().Size()
	put(&b, [3]uint32{40, uint32(size.X), uint32(height)}, [2]uint16{1, uint16(bits)}, [6]uint32{})
	for y := size.Y - 1; y >= 0; y-- {
		for x := range size.X {
			c := img.NRGBAAt(x, y)
			b.Write([]byte{c.B, c.G, c.R, c.A}[:bits/8])
		}
		for (b.Len()-40)%4 != 0 {
			b.WriteByte(0)
		}
	}
	return b.Bytes()
}

func put(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		if err := binary.Write(b, binary.LittleEndian, v); err != nil {
			panic(err) // not of a fixed size
		}
	}
}
