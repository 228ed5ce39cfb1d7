//go:build race

package ui

// underRace is set under the race detector, which makes drawing ten times as slow.
const underRace = true
