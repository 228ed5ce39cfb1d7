// Package crash ends the program after a panic: it writes a report without secrets
// and says where it is.
//
//	handler := &crash.Handler{Version: version, Dir: dir, Tell: tell}
//	defer handler.Recover()      // first in every goroutine of the window
//	path := crash.Latest(dir)    // at the next start, to tell the user once more
package crash

import (
	"os"
	"sync"
	"time"
)

// Handler ends the program after a panic. It may be used by several goroutines.
type Handler struct {
	Version string // of the program
	Dir     string // the folder that gets the report
	// Tell says that the program ends. path is the report's, or "" if it could not be
	// written.
	Tell func(path string)

	once sync.Once
}

// Recover ends the program if the goroutine panics. It is deferred.
func (h *Handler) Recover() {
	if value := recover(); value != nil {
		h.Exit(value)
	}
}

// Exit reports a recovered value and ends the program with status 1. A goroutine that
// panics meanwhile waits for that end. Exit does not return.
func (h *Handler) Exit(value any) {
	h.once.Do(func() {
		path, err := NewReport(value, h.Version, time.Now()).Save(h.Dir)
		if err != nil {
			path = ""
		}
		h.Tell(path)
		os.Exit(1)
	})
	select {}
}
