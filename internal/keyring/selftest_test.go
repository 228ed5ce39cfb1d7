package keyring_test

import (
	"context"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"amarre/internal/keyring"
	"amarre/profile/profiletest"
)

// TestSelfTestSteps: the steps that were done, the one that failed, and that nothing stays.
func TestSelfTestSteps(t *testing.T) {
	const state, write, read, remove = keyring.StepState, keyring.StepWrite, keyring.StepRead, keyring.StepDelete
	another := func(string) string { return "another text" }
	for name, c := range map[string]struct {
		faults profiletest.Faults
		steps  []keyring.StepName
		failed keyring.StepName
		want   keyring.Class
		left   int
	}{
		"works":                {steps: []keyring.StepName{state, write, read, remove}},
		"absent":               {faults: profiletest.Faults{Is: keyring.NoService}, steps: []keyring.StepName{state}, want: keyring.ClassUnavailable},
		"locked":               {faults: profiletest.Faults{Set: errLocked}, steps: []keyring.StepName{state, write}, failed: write, want: keyring.ClassLocked},
		"dismissed in silence": {faults: profiletest.Faults{Silent: true}, steps: []keyring.StepName{state, write, read}, failed: read, want: keyring.ClassNotKept},
		"written with an error": {faults: profiletest.Faults{LateError: errNoReply}, steps: []keyring.StepName{state, write, read, remove},
			failed: write, want: keyring.ClassUnknown},
		"not deleted": {faults: profiletest.Faults{Delete: errLocked}, steps: []keyring.StepName{state, write, read, remove}, failed: remove, want: keyring.ClassLocked, left: 1},
		"altered":     {faults: profiletest.Faults{Alter: another}, steps: []keyring.StepName{state, write, read}, failed: read, want: keyring.ClassNotKept, left: 1},
	} {
		ring := &profiletest.Ring{}
		ring.Change(c.faults)
		k := keyring.New(ring, keyring.Options{})
		var steps []keyring.StepName
		failed := keyring.StepName("")
		err := k.SelfTest(t.Context(), func(step keyring.SelfTestStep) {
			steps = append(steps, step.Name)
			if step.Err != nil && failed == "" {
				failed = step.Name
			}
			if step.Name == state && (step.State == "" || step.State != keyring.Ready && c.want != keyring.ClassUnavailable) {
				t.Errorf("%s: the state is %q", name, step.State)
			}
		})
		if keyring.ClassOf(err) != c.want || (err != nil) != (c.want != "") || failed != c.failed || !slices.Equal(steps, c.steps) {
			t.Errorf("%s: %v after %v, of which %q failed; want %q after %v, %q", name, err, steps, failed, c.want, c.steps, c.failed)
		}
		if len(ring.Items()) != c.left {
			t.Errorf("%s: it left %v", name, ring.Items())
		}
		k.Close()
	}
}

// TestSelfTestTellsHowLong each step took, and its item has a name that is known again.
func TestSelfTestTellsHowLong(t *testing.T) {
	named := regexp.MustCompile(`^selftest-[a-z0-9]{10}$`)
	synctest.Test(t, func(t *testing.T) {
		ring := &profiletest.Ring{}
		ring.Change(profiletest.Faults{Before: func(call, name string) {
			time.Sleep(time.Second)
			if call != "state" && !named.MatchString(name) {
				t.Errorf("the item's name is %q", name)
			}
		}})
		k := keyring.New(ring, keyring.Options{})
		defer k.Close()
		calls := map[keyring.StepName]time.Duration{keyring.StepState: 1, keyring.StepWrite: 1, keyring.StepRead: 1, keyring.StepDelete: 2}
		err := k.SelfTest(t.Context(), func(step keyring.SelfTestStep) {
			if step.Took != calls[step.Name]*time.Second {
				t.Errorf("%s took %v", step.Name, step.Took)
			}
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestCancelledSelfTestLeavesNothing in the keyring.
func TestCancelledSelfTestLeavesNothing(t *testing.T) {
	ring := &profiletest.Ring{}
	ctx, cancel := context.WithCancel(t.Context())
	k := keyring.New(ring, keyring.Options{})
	defer k.Close()
	err := k.SelfTest(ctx, func(step keyring.SelfTestStep) {
		if step.Name == keyring.StepWrite {
			cancel()
		}
	})
	if keyring.ClassOf(err) != keyring.ClassNoAnswer || len(ring.Items()) != 0 {
		t.Errorf("%v, and it left %v", err, ring.Items())
	}
}
