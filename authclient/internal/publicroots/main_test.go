package main

import (
	"bytes"
	"os"
	"testing"
)

// TestUpToDate: the sums are those of the module's version in go.mod.
func TestUpToDate(t *testing.T) {
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../../publicroots.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("publicroots.go is of another version of x509roots: go generate ./authclient")
	}
}
