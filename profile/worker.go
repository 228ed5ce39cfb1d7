package profile

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// worker makes keyring calls one at a time, away from the caller, because a call
// may block for as long as a prompt is open and cannot be interrupted. A call
// that is stuck keeps the worker, and the others wait for a moment only. One that
// would change nothing is given up after giveUp, and a new worker takes over: the
// library waits for ever for the answer to a question if the keyring that asked
// it is replaced. One that writes is never given up, because it could still write
// over what was written since.
type worker struct {
	patience time.Duration // how long a call waits for one that is stuck, instead of its own limit
	giveUp   time.Duration

	mu    sync.Mutex
	hands *hands // nil before the first call
}

// hands are the goroutine of a worker.
type hands struct {
	jobs chan func()
	quit chan struct{}

	// Of the call that was left alone and has not returned, under the worker's mu.
	stuck  bool
	writes bool
	since  time.Time
}

// ready returns the hands for the next call, and whether they are stuck.
func (w *worker) ready() (h *hands, stuck bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if h := w.hands; h != nil && h.stuck && !h.writes && time.Since(h.since) >= w.giveUp {
		close(h.quit)
		w.hands = nil
	}
	if w.hands == nil {
		w.hands = &hands{jobs: make(chan func()), quit: make(chan struct{})}
		go w.work(w.hands)
	}
	return w.hands, w.hands.stuck
}

func (w *worker) work(h *hands) {
	for {
		select {
		case job := <-h.jobs:
			job()
			w.mu.Lock()
			h.stuck = false
			w.mu.Unlock()
		case <-h.quit:
			return
		}
	}
}

// leave notes that the call under way was left alone.
func (w *worker) leave(h *hands, writes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h.stuck, h.writes, h.since = true, writes, time.Now()
}

// stop ends the worker's goroutine once the call that it is in has returned. No
// call may follow.
func (w *worker) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hands != nil {
		close(w.hands.quit)
	}
}

// result is what a call returned.
type result[T any] struct {
	value T
	err   error
}

// run makes one call on w and waits until it returns, ctx ends or limit has
// passed. left is the class of the error when a call that has begun is left
// alone: ErrNoAnswer for one that changes nothing, which is ErrFailed if it
// panics, and ErrUnknown for the others. A call that has not begun by then never
// does, and the error is ErrNoAnswer.
func run[T any](ctx context.Context, w *worker, limit time.Duration, left error, call func() (T, error)) (T, error) {
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
	h, stuck := w.ready()
	var patience <-chan time.Time
	if stuck {
		timer := time.NewTimer(min(w.patience, limit))
		defer timer.Stop()
		patience = timer.C
	}
	select {
	case h.jobs <- job:
	case <-patience:
		return zero, &storeError{class: ErrNoAnswer, doing: "wait for the keyring", cause: context.DeadlineExceeded}
	case <-ctx.Done():
		return zero, &storeError{class: ErrNoAnswer, doing: "wait for the keyring", cause: context.Cause(ctx)}
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		w.leave(h, left == ErrUnknown)
		return zero, &storeError{class: left, doing: "wait for the keyring's answer", cause: context.Cause(ctx)}
	}
}
