package keyring

import (
	"context"
	"errors"
	"sync"
	"time"
)

// worker runs keyring calls one at a time on a goroutine of its own, because a call
// cannot be interrupted and may block for as long as a prompt is open.
//
// A call that its caller has abandoned keeps the goroutine busy, and later calls wait
// for busyTimeout only. A read that was abandoned abandonAfter ago is given up and a new
// goroutine takes over: the library waits for ever for the answer to a prompt if
// the keyring that opened it is replaced. A write is never given up, because it could
// still overwrite what was written since.
type worker struct {
	busyTimeout  time.Duration
	abandonAfter time.Duration
	waiting      func() // Options.Waiting

	mu     sync.Mutex
	runner *runner // nil before the first call
}

// runner is the goroutine of a worker.
type runner struct {
	jobs chan func()
	quit chan struct{}

	// About the abandoned call that has not returned, under the worker's mu.
	busy   bool
	writes bool
	since  time.Time
	ended  chan struct{} // closed once the call has returned
}

// acquire returns the runner for the next call, and whether an abandoned call keeps it
// busy.
func (w *worker) acquire() (r *runner, busy bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r := w.runner; r != nil && r.busy && !r.writes && time.Since(r.since) >= w.abandonAfter {
		close(r.quit)
		w.runner = nil
	}
	if w.runner == nil {
		w.runner = &runner{jobs: make(chan func()), quit: make(chan struct{})}
		go w.work(w.runner)
	}
	return w.runner, w.runner.busy
}

func (w *worker) work(r *runner) {
	for {
		select {
		case job := <-r.jobs:
			job()
			w.mu.Lock()
			if r.busy {
				r.busy = false
				close(r.ended)
			}
			w.mu.Unlock()
		case <-r.quit:
			return
		}
	}
}

// abandon notes that the caller no longer waits for the call under way. It reports false
// if the call has returned; hasReturned reports that, and must not block.
func (w *worker) abandon(r *runner, writes bool, hasReturned func() bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if hasReturned() {
		return false
	}
	r.busy, r.writes, r.since, r.ended = true, writes, time.Now(), make(chan struct{})
	return true
}

// writing returns a channel that is closed once the abandoned write under way has
// returned; nil if there is none.
func (w *worker) writing() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r := w.runner; r != nil && r.busy && r.writes {
		return r.ended
	}
	return nil
}

// stop ends the goroutine once its call has returned. No call may follow.
func (w *worker) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.runner != nil {
		close(w.runner.quit)
	}
}

// result is what a call returned.
type result[T any] struct {
	value T
	err   error
}

// run makes one call on w and waits until it returns, ctx ends or limit has passed.
// abandoned is the class of the error when a call that has begun is abandoned:
// ClassNoAnswer for one that changes nothing, ClassUnknown for one that writes. A call
// that has not begun by then never begins, and the error is ClassNoAnswer.
func run[T any](ctx context.Context, w *worker, limit time.Duration, abandoned Class, call func() (T, error)) (T, error) {
	var zero T
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan result[T], 1)
	job := func() {
		var r result[T]
		defer func() {
			if recover() != nil { // the library panics if the bus dies under a prompt
				class := abandoned
				if class == ClassNoAnswer {
					class = ClassFailed
				}
				r = result[T]{err: &Error{Class: class, Op: "call the keyring", Err: errors.New("the library panicked")}}
			}
			done <- r
		}()
		r.value, r.err = call()
	}
	if ctx.Err() != nil { // select would begin the call at random
		return zero, &Error{Class: ClassNoAnswer, Op: "wait for the keyring", Err: context.Cause(ctx)}
	}
	if w.waiting != nil && limit > w.busyTimeout {
		notice := time.AfterFunc(noticeAfter, w.waiting)
		defer notice.Stop()
	}
	r, busy := w.acquire()
	var timeout <-chan time.Time
	if busy {
		timer := time.NewTimer(min(w.busyTimeout, limit))
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case r.jobs <- job:
	case <-timeout:
		return zero, &Error{Class: ClassNoAnswer, Op: "wait for the keyring", Err: context.DeadlineExceeded}
	case <-ctx.Done():
		return zero, &Error{Class: ClassNoAnswer, Op: "wait for the keyring", Err: context.Cause(ctx)}
	}
	select {
	case result := <-done:
		return result.value, result.err
	case <-ctx.Done():
		if !w.abandon(r, abandoned == ClassUnknown, func() bool { return len(done) > 0 }) {
			result := <-done
			return result.value, result.err
		}
		return zero, &Error{Class: abandoned, Op: "wait for the keyring's answer", Err: context.Cause(ctx)}
	}
}
