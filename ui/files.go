package ui

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"amarre/authclient"
	"amarre/internal/filedialog"
	"amarre/profile/backup"
	"amarre/ui/kit"
)

// paths asks for files.
type paths struct{ *Window }

// askFor asks for a path with the system's dialog. It is called on another goroutine.
type askFor func(ctx context.Context) (string, error)

// openDialog returns a function that asks for a file that exists, of some patterns.
func (w paths) openDialog(title string, patterns ...string) func() askFor {
	o := filedialog.Options{Title: title, Filters: w.paths.filters(patterns)}
	return func() askFor {
		return func(ctx context.Context) (string, error) { return w.deps.Files.Open(ctx, o) }
	}
}

// saveDialog returns a function that asks where to save a file with an extension. It begins
// at what is typed in file when it is called.
func (w paths) saveDialog(title string, file *kit.Entry, extension string) func() askFor {
	return func() askFor {
		typed := authclient.TrimPasted(file.Text)
		o := filedialog.Options{Title: title, Folder: filepath.Dir(typed), Name: filepath.Base(typed), Filters: w.paths.filters([]string{"*" + extension})}
		return func(ctx context.Context) (string, error) { return w.deps.Files.Save(ctx, o) }
	}
}

// filters returns a filter of patterns and one of every file.
func (w paths) filters(patterns []string) []filedialog.Filter {
	all := filedialog.Filter{Name: w.t.T("file.all"), Patterns: []string{"*"}}
	if len(patterns) == 0 {
		return []filedialog.Filter{all}
	}
	return []filedialog.Filter{{Name: strings.Join(patterns, ", "), Patterns: patterns}, all}
}

// askForPath opens the system's dialog, and gives the path to take. The open dialog stays.
func (w paths) askForPath(prepare func() askFor, take func(path string)) {
	if w.p.Task() != nil {
		return
	}
	open, ask := w.dialog, prepare()
	d := &taskDialog{w: w.Window, dialog: open}
	d.start(nil, w.t.T("file.waiting"), func(ctx context.Context) func() {
		path, err := ask(ctx)
		return func() {
			switch {
			case w.dialog != open: // the user closed it
			case err == nil:
				take(path)
			case errors.Is(err, filedialog.ErrUnavailable):
				w.dialog.Fail(w.t.T("file.no_dialog"))
			}
		}
	})
}

// drop takes a file that was dropped on the window.
func (w *Window) drop(path string) {
	switch {
	case w.dropped != nil:
		w.dropped(path)
	case w.dropList(path):
	case strings.EqualFold(filepath.Ext(path), backup.Extension):
		w.imports.importFile(path)
	}
}
