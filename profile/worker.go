package profile

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// worker makes keyring calls one at a time, away from the caller, because a call
// may block for as long as a prompt is open and cannot be interrupted. A call
// that is stuck keeps the worker; the others then end at their own limits.
type worker struct {
	start sync.Once
	jobs  chan func()
}

// stop ends the worker's goroutine once the call that it is in has returned. No
// call may follow.
func (w *worker) stop() {
	w.start.Do(func() { w.jobs = make(chan func()) })
	close(w.jobs)
}

// result is what a call returned.
type result[T any] struct {
	value T
	err   error
}

// run makes one call on w and waits until it returns, ctx ends or limit has
// passed. left is the class of the error when a call that has begun is left
// alone: ErrLocked for one that changes nothing, ErrUnknown for the others. A
// call that has not begun by then never does, and the error is ErrLocked.
func run[T any](ctx context.Context, w *worker, limit time.Duration, left error, call func() (T, error)) (T, error) {
	w.start.Do(func() {
		w.jobs = make(chan func())
		go func() {
			for job := range w.jobs {
				job()
			}
		}()
	})
	var zero T
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan result[T], 1)
	job := func() {
		var r result[T]
		defer func() {
			if p := recover(); p != nil { // a bus that dies under a prompt makes the library panic
				r = result[T]{err: fmt.Errorf("%w: the keyring library panicked", left)}
			}
			done <- r
		}()
		r.value, r.err = call()
	}
	select {
	case w.jobs <- job:
	case <-ctx.Done():
		return zero, &storeError{class: ErrLocked, doing: "wait for the keyring", cause: context.Cause(ctx)}
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return zero, &storeError{class: left, doing: "wait for the keyring's answer", cause: context.Cause(ctx)}
	}
}
