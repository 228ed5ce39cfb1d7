package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"amarre/internal/atomicfile"
	"amarre/internal/report"
)

// Report says where a panic was and what kind it was. A panic's value may hold
// anything, so only its type is kept; the text of an error that Go's runtime found is
// kept too, because it holds numbers and types alone.
type Report struct {
	At     time.Time
	Facts  report.Facts
	Kind   string
	Frames []string // the innermost first
}

// maxFrames limits the depth of a report.
const maxFrames = 64

// NewReport makes the report of a panic. It is called in the deferred function that
// recovered value, or below it.
func NewReport(value any, version string, now time.Time) Report {
	r := Report{At: now, Facts: report.About(version), Kind: fmt.Sprintf("%T", value)}
	if fault, ok := value.(runtime.Error); ok {
		r.Kind += ": " + fault.Error()
	}
	callers := make([]uintptr, maxFrames)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		switch frame.Function {
		case "":
		case "runtime.gopanic": // the frames so far are those that recovered
			r.Frames = nil
		default:
			r.Frames = append(r.Frames, fmt.Sprintf("%s (%s:%d)", frame.Function, filepath.Base(frame.File), frame.Line))
		}
		if !more {
			return r
		}
	}
}

// Text returns the report as it is saved. It is for developers, so in English.
func (r Report) Text() string {
	f := r.Facts
	return fmt.Sprintf("Amarre %s stopped at %s because of an internal error.\nThis report holds no password, no token, no address and no name.\n\n%s, %s, %s, Fyne %s\n\n%s\n\t%s\n",
		f.Version, r.At.UTC().Format(time.RFC3339), f.System, f.Architecture, f.Go, f.Toolkit, r.Kind, strings.Join(r.Frames, "\n\t"))
}

// Save writes the report into dir, mode 0600, and returns its path.
func (r Report) Save(dir string) (string, error) {
	path := filepath.Join(dir, "crash-"+r.At.UTC().Format("20060102-150405")+".txt")
	if err := atomicfile.Write(path, []byte(r.Text())); err != nil {
		return "", err
	}
	return path, nil
}

// Latest returns the path of the newest report in dir, "" if there is none. The names
// of reports sort by their time.
func Latest(dir string) string {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return ""
	}
	for _, entry := range slices.Backward(entries) {
		if match, err := filepath.Match("crash-????????-??????.txt", entry.Name()); err == nil && match && entry.Type().IsRegular() {
			return filepath.Join(dir, entry.Name())
		}
	}
	return ""
}
