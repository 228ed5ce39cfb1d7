//go:build !race

package kit_test

const underRace = false
