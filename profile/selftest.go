package profile

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"
)

// A Trial is one step of Store.SelfTest and how it went.
type Trial struct {
	Step  TrialStep
	Took  time.Duration
	State State // of TrialState
	Err   error // of the others; its class says what is wrong
}

// TrialStep is a step of Store.SelfTest.
type TrialStep string

const (
	TrialState  TrialStep = "state"
	TrialWrite  TrialStep = "write"
	TrialRead   TrialStep = "read"
	TrialDelete TrialStep = "delete"
)

// selfTestPrefix begins the name of an item that SelfTest makes.
const selfTestPrefix = "selftest-"

// SelfTest tries whether the keyring keeps what it is given: it writes a random
// item, reads it back and deletes it, and calls report after each step. The
// keyring may ask the user. The error is that of the first step that failed;
// ErrUnavailable if there is no keyring.
func (s *Store) SelfTest(ctx context.Context, report func(Trial)) error {
	begin := s.now()
	state := s.State(ctx)
	report(Trial{Step: TrialState, State: state, Took: s.now().Sub(begin)})
	if state.Absent() {
		return &storeError{class: ErrUnavailable, doing: "test the keyring"}
	}
	step := func(step TrialStep, do func() error) error {
		begin := s.now()
		err := do()
		report(Trial{Step: step, Took: s.now().Sub(begin), Err: err})
		return err
	}
	name, text := selfTestPrefix+strings.ToLower(rand.Text()[:10]), rand.Text()
	writeErr := step(TrialWrite, func() error {
		_, err := run(ctx, &s.worker, s.asked, ErrUnknown, func() (struct{}, error) {
			return struct{}{}, classify(s.ring.Set(name, text), ErrUnknown)
		})
		return err
	})
	if writeErr != nil && !errors.Is(writeErr, ErrUnknown) {
		return writeErr
	}
	readErr := step(TrialRead, func() error {
		back, err := s.get(ctx, name, s.asked)
		if errors.Is(err, ErrMissing) || err == nil && back != text {
			return &storeError{class: ErrNotKept, doing: "test the keyring"}
		}
		return err
	})
	var deleteErr error
	if !errors.Is(readErr, ErrNotKept) {
		// Also after a cancellation: the item must not stay.
		deleteErr = step(TrialDelete, func() error { return s.erase(context.WithoutCancel(ctx), name) })
	}
	for _, err := range []error{writeErr, readErr, deleteErr} {
		if err != nil {
			return doing("test the keyring", err)
		}
	}
	return nil
}
