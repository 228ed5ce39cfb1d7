// Package assets holds the files that are part of the program.
package assets

import "embed"

// Translations holds translations/fr.json and translations/en.json: the texts
// that a user sees, by key.
//
//go:embed translations/*.json
var Translations embed.FS

// Icon is the program's icon, a PNG of 512 × 512 pixels. icon.svg is its source.
//
//go:embed icon.png
var Icon []byte

// Star marks a favourite: an SVG in one colour, which the theme replaces.
//
//go:embed star.svg
var Star []byte
