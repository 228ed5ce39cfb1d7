package profile

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// worker makes keyring calls one at a time, away from the caller, because a call
// may block for as long as a prompt is open and cannot be interrupted. A call
// that is stuck keeps the worker; the others then end at their own limits.
type worker struct {
	start sync.Once
	jobs  chan func()
	stuck atomic.Bool // the call under way was left alone
	// patience is how long a call waits for one that is stuck, instead of its own
	// limit: the user has been told.
	patience time.Duration
}

func (w *worker) begin() {
	w.start.Do(func() {
		w.jobs = make(chan func())
		go func() {
			for job := range w.jobs {
				job()
				w.stuck.Store(false)
			}
		}()
	})
}

// stop ends the worker's goroutine once the call that it is in has returned. No
// call may follow.
func (w *worker) stop() {
	w.begin()
	close(w.jobs)
}

// result is what a call returned.
type result[T any] struct {
	value T
	err   error
}

// run makes one call on w and waits until it returns, ctx ends or limit has
// passed. left is the class of the error when a call that has begun is left
// alone: ErrNoAnswer for one that changes nothing, which is ErrFailed if it
// panics, and ErrUnknown for the others. A call that has not begun by then never does, and the error is
// ErrNoAnswer.
func run[T any](ctx context.Context, w *worker, limit time.Duration, left error, call func() (T, error)) (T, error) {
	w.begin()
	var zero T
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan result[T], 1)
	job := func() {
		var r result[T]
		defer func() {
			if p := recover(); p != nil { // a bus that dies under a prompt makes the library panic
				class := left
				if class == ErrNoAnswer {
					class = ErrFailed
				}
				r = result[T]{err: fmt.Errorf("%w: the keyring library panicked", class)}
			}
			done <- r
		}()
		r.value, r.err = call()
	}
	var patience <-chan time.Time
	if w.stuck.Load() {
		timer := time.NewTimer(min(w.patience, limit))
		defer timer.Stop()
		patience = timer.C
	}
	select {
	case w.jobs <- job:
	case <-patience:
		return zero, &storeError{class: ErrNoAnswer, doing: "wait for the keyring", cause: context.DeadlineExceeded}
	case <-ctx.Done():
		return zero, &storeError{class: ErrNoAnswer, doing: "wait for the keyring", cause: context.Cause(ctx)}
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		w.stuck.Store(true)
		return zero, &storeError{class: left, doing: "wait for the keyring's answer", cause: context.Cause(ctx)}
	}
}
