package filedialog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// script shows the dialogs that Standard Additions have. What it shows is an argument, so
// that nothing of it is read as a script.
const script = `function run(argv) {
	const o = JSON.parse(argv[0]);
	const app = Application.currentApplication();
	app.includeStandardAdditions = true;
	app.activate();
	const options = {};
	if (o.title) options.withPrompt = o.title;
	if (o.folder) options.defaultLocation = Path(o.folder);
	if (o.save) {
		if (o.name) options.defaultName = o.name;
		return app.chooseFileName(options).toString();
	}
	if (o.types) options.ofType = o.types;
	return app.chooseFile(options).toString();
}`

// show runs osascript: the panels of AppKit would need the window's own thread.
func show(ctx context.Context, o Options, save bool) (string, error) {
	if info, err := os.Stat(o.Folder); err != nil || !info.IsDir() {
		o.Folder = "" // it would be an error
	}
	argument, err := json.Marshal(struct {
		Title  string   `json:"title"`
		Folder string   `json:"folder"`
		Name   string   `json:"name"`
		Save   bool     `json:"save"`
		Types  []string `json:"types,omitempty"`
	}{o.Title, o.Folder, o.Name, save, extensions(o.Filters)})
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "/usr/bin/osascript", "-l", "JavaScript", "-e", script, string(argument))
	cmd.WaitDelay = time.Second
	var output, failure bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &failure
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && strings.Contains(failure.String(), "(-128)"): // userCanceledErr
		return "", ErrCancelled
	case err != nil:
		return "", unavailable(fmt.Errorf("run osascript: %w", err))
	}
	return strings.TrimSuffix(output.String(), "\n"), nil
}
