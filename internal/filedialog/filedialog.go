// Package filedialog asks for the path of a file with the dialog of the system.
//
//	path, err := filedialog.Open(ctx, filedialog.Options{Title: …})
//	switch {
//	case errors.Is(err, filedialog.ErrCancelled):   // the user closed it
//	case errors.Is(err, filedialog.ErrUnavailable): // ask for a path that is typed
//
// Elsewhere than on Windows the dialog is another program's: the portal of the desktop,
// zenity, or osascript.
package filedialog

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
)

var (
	// ErrCancelled says that the user closed the dialog.
	ErrCancelled = errors.New("the file dialog was closed")
	// ErrUnavailable says that this system has no dialog, or that none came up.
	ErrUnavailable = errors.New("there is no file dialog")
)

// Options are what a dialog shows. All may be empty.
type Options struct {
	Title   string
	Folder  string // in which it begins; it need not exist
	Name    string // suggested for a file to save
	Filters []Filter
	// Parent is the window that the dialog stays above: the number of an X11 window, or a
	// HWND. It is 0 on other systems.
	Parent uintptr
}

// Filter is a kind of file. The first of a dialog is chosen at the beginning. macOS has no
// choice of filters, and takes what any of them takes.
type Filter struct {
	Name     string
	Patterns []string // such as "*.pem", in any case of letters, or "*"
}

// Open asks for a file that exists. It waits for the user, so it is called on another
// goroutine than the window's; the end of ctx closes the dialog. The path is absolute.
func Open(ctx context.Context, o Options) (path string, err error) { return ask(ctx, o, false) }

// Save asks where to save a file; it is like [Open] otherwise. Most dialogs ask before they
// give the path of a file that exists, but not all.
func Save(ctx context.Context, o Options) (path string, err error) { return ask(ctx, o, true) }

func ask(ctx context.Context, o Options, save bool) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	path, err := show(ctx, o, save)
	switch {
	case err != nil && ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", err
	case !filepath.IsAbs(path) || strings.ContainsRune(path, 0):
		return "", errors.New("the file dialog gave no path")
	}
	return filepath.Clean(path), nil
}

// unavailable is an error that is ErrUnavailable.
func unavailable(why error) error { return fmt.Errorf("%w: %w", ErrUnavailable, why) }

// anyCase returns a glob pattern that matches in any case of letters, for dialogs that heed
// it: *.pem is *.[pP][eE][mM].
func anyCase(pattern string) string {
	var b strings.Builder
	for _, r := range pattern {
		lower, upper := unicode.ToLower(r), unicode.ToUpper(r)
		if lower == upper {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "[%c%c]", lower, upper)
	}
	return b.String()
}

// pairs returns filters as Windows has them: names and patterns, each ended by a NUL, and one
// more at the end.
func pairs(filters []Filter) string {
	if len(filters) == 0 {
		return ""
	}
	var b strings.Builder
	for _, f := range filters {
		b.WriteString(f.Name + "\x00" + strings.Join(f.Patterns, ";") + "\x00")
	}
	b.WriteByte(0)
	return b.String()
}

// extensions returns the extensions, without dots, that filters take; none if one of them
// takes other names too.
func extensions(filters []Filter) (found []string) {
	for _, f := range filters {
		for _, pattern := range f.Patterns {
			extension, ok := strings.CutPrefix(pattern, "*.")
			if !ok || strings.ContainsAny(extension, "*?[") {
				return nil
			}
			found = append(found, extension)
		}
	}
	return found
}
