package profile

import (
	"runtime"
	"sync"
)

// atLeast is how many things one goroutine does: fewer are done sooner by one.
const atLeast = 500

// inParallel calls do for parts of 0 to n, which together are all of it, on as many
// goroutines as there are processors. A list of ten thousand is to be there in a
// moment.
func inParallel(n int, do func(from, to int)) {
	parts := min(runtime.GOMAXPROCS(0), max(1, n/atLeast))
	var wait sync.WaitGroup
	for part := range parts {
		wait.Go(func() { do(n*part/parts, n*(part+1)/parts) })
	}
	wait.Wait()
}
