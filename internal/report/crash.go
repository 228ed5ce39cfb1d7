package report

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"amarre/internal/atomicfile"
)

// Crash is a panic as it is reported: where it was, and nothing of what was in
// memory. A panic's value may hold anything, so that of it the type is kept and,
// for a fault that Go itself found, its text, which has numbers and types alone.
type Crash struct {
	At     time.Time
	Facts  Facts
	Kind   string
	Frames []string // the innermost first
}

// maxFrames is how deep a crash is reported.
const maxFrames = 64

// Recovered makes the report of a panic, in the deferred function that recovered
// value.
func Recovered(value any, version string, now time.Time) Crash {
	c := Crash{At: now, Facts: About(version), Kind: fmt.Sprintf("%T", value)}
	if fault, ok := value.(runtime.Error); ok {
		c.Kind += ": " + fault.Error()
	}
	callers := make([]uintptr, maxFrames)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		switch frame.Function {
		case "":
		case "runtime.gopanic": // before it is how the panic was caught
			c.Frames = nil
		default:
			c.Frames = append(c.Frames, fmt.Sprintf("%s (%s:%d)", frame.Function, filepath.Base(frame.File), frame.Line))
		}
		if !more {
			return c
		}
	}
}

// Text is the report as it is saved: for developers, so in English.
func (c Crash) Text() string {
	f := c.Facts
	return fmt.Sprintf("Amarre %s stopped at %s because of a fault of its own.\nThis report holds no password, no token, no address and no name.\n\n%s, %s, %s, Fyne %s\n\n%s\n\t%s\n",
		f.Version, c.At.UTC().Format(time.RFC3339), f.System, f.Architecture, f.Go, f.Toolkit, c.Kind, strings.Join(c.Frames, "\n\t"))
}

// Save writes the report into a folder, mode 0600, and returns the file's path.
func (c Crash) Save(dir string) (string, error) {
	path := filepath.Join(dir, "crash-"+c.At.UTC().Format("20060102-150405")+".txt")
	if err := atomicfile.Write(path, []byte(c.Text())); err != nil {
		return "", err
	}
	return path, nil
}

// IsSaved reports whether path is a report that Save has written into dir.
func IsSaved(dir, path string) bool {
	match, err := filepath.Match("crash-????????-??????.txt", filepath.Base(path))
	if err != nil || !match || filepath.Dir(path) != filepath.Clean(dir) {
		return false
	}
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}
