package keyring

import (
	"context"
	"crypto/rand"
	"strings"
	"time"
)

// SelfTestStep is one step of SelfTest and how it went.
type SelfTestStep struct {
	Name  StepName
	Took  time.Duration
	State State // of StepState
	Err   error // of the others; its class says what is wrong
}

// StepName names a step of SelfTest.
type StepName string

const (
	StepState  StepName = "state"
	StepWrite  StepName = "write"
	StepRead   StepName = "read"
	StepDelete StepName = "delete"
)

// SelfTestPrefix begins the name of an item that SelfTest makes.
const SelfTestPrefix = "selftest-"

// SelfTest tries whether the keyring keeps what it is given: it writes a random item,
// reads it back and deletes it, and calls report after each step. The keyring may ask
// the user. The error is that of the first step that failed; ClassUnavailable if there
// is no keyring.
func (k *Keyring) SelfTest(ctx context.Context, report func(SelfTestStep)) error {
	begin := time.Now()
	state := k.State(ctx)
	report(SelfTestStep{Name: StepState, State: state, Took: time.Since(begin)})
	if state.Absent() {
		return &Error{Class: ClassUnavailable, Op: "test the keyring"}
	}
	step := func(name StepName, do func() error) error {
		begin := time.Now()
		err := do()
		report(SelfTestStep{Name: name, Took: time.Since(begin), Err: err})
		return err
	}
	name, text := SelfTestPrefix+strings.ToLower(rand.Text()[:10]), rand.Text()
	writeErr := step(StepWrite, func() error { return k.set(ctx, Item{Name: name, Text: text, Label: "Amarre: test"}) })
	if writeErr != nil && ClassOf(writeErr) != ClassUnknown {
		return writeErr
	}
	readErr := step(StepRead, func() error {
		back, err := k.Get(ctx, name)
		if ClassOf(err) == ClassMissing || err == nil && back.Text != text {
			return &Error{Class: ClassNotKept, Op: "test the keyring"}
		}
		return err
	})
	var deleteErr error
	if ClassOf(readErr) != ClassNotKept {
		// Also after a cancellation: the item must not stay.
		deleteErr = step(StepDelete, func() error { return k.Delete(context.WithoutCancel(ctx), name) })
	}
	for _, err := range []error{writeErr, readErr, deleteErr} {
		if err != nil {
			return err
		}
	}
	return nil
}
