//go:build race

package kit_test

// underRace is set under the race detector, which makes drawing ten times as slow.
const underRace = true
