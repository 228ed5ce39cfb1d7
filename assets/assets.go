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

// Fonts holds fonts/*.otf and fonts/*.ttf: Inter 4.0 beta 7 and JetBrains Mono 2.242, with
// the letters of French and English and few others. docs/development.md says how they were cut.
//
//go:embed fonts/*.otf fonts/*.ttf
var Fonts embed.FS

// Icons holds icons/*.svg: Lucide's, 24 × 24, drawn in currentColor.
//
//go:embed icons/*.svg
var Icons embed.FS
