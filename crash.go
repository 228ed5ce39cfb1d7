//go:build cgo || ci

package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"amarre/cli"
	"amarre/internal/clipboard"
	"amarre/internal/i18n"
	"amarre/internal/report"
	"amarre/internal/settings"
)

// lifeboat ends the program after a panic: with a report that holds no secret, a
// sentence that says where it is, and a new window that says so too.
type lifeboat struct {
	opts  cli.Options
	texts *i18n.Texts
	once  sync.Once
}

// rescue is deferred in every goroutine of the window's program.
func (l *lifeboat) rescue() {
	if value := recover(); value != nil {
		l.crashed(value)
	}
}

// crashed does not return. Another goroutine that panics meanwhile waits for the
// end of the first.
func (l *lifeboat) crashed(value any) {
	l.once.Do(func() {
		clipboard.Sweep(true)
		path := "" // of the report
		if dir, err := settings.Dir(); err == nil {
			if saved, err := report.Recovered(value, version, time.Now()).Save(dir); err == nil {
				path = saved
			}
		}
		if l.opts.CrashReport != "" || !l.again(path) { // a window that ends at once would come back for ever
			_, _, stderr := streams()
			fmt.Fprintln(stderr, l.texts.Crash(path))
		}
		os.Exit(cli.ExitInternal)
	})
	select {}
}

// environment returns that of the new window, made of this one's: it may try the
// renderer in software again, which one that renders in software could not.
func environment(own []string) []string {
	own = slices.DeleteFunc(own, func(variable string) bool { return strings.HasPrefix(variable, rendererGuard+"=") })
	return append(own, restarted+"=1")
}

// again starts the program anew, and reports whether it did.
func (l *lifeboat) again(report string) bool {
	program, err := os.Executable()
	if err != nil || report == "" {
		return false
	}
	args := []string{"--lang", l.opts.Lang, "--" + cli.CrashReportFlag, report}
	if l.opts.Demo {
		args = append(args, "--demo")
	} else if l.opts.Service != "" {
		args = append(args, "--service", l.opts.Service)
	}
	cmd := exec.Command(program, args...)
	cmd.Env = environment(os.Environ())
	return cmd.Start() == nil // its streams are nobody’s: who waits for ours must not wait for it
}
