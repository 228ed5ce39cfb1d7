//go:build unix && !darwin

package filedialog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// show asks the portal of the desktop, or zenity where there is none.
func show(ctx context.Context, o Options, save bool) (string, error) {
	path, err := askPortal(ctx, os.Getenv("DBUS_SESSION_BUS_ADDRESS"), o, save)
	if errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
		if program, _ := exec.LookPath("zenity"); program != "" {
			return askZenity(ctx, program, o, save)
		}
	}
	return path, err
}

func askZenity(ctx context.Context, program string, o Options, save bool) (string, error) {
	cmd := exec.CommandContext(ctx, program, zenityArguments(o, save)...)
	cmd.WaitDelay = time.Second
	var output bytes.Buffer
	cmd.Stdout = &output
	err := cmd.Run()
	const closed = 1 // by the user
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == closed:
		return "", ErrCancelled
	case err != nil:
		return "", unavailable(fmt.Errorf("run zenity: %w", err))
	}
	return strings.TrimSuffix(output.String(), "\n"), nil
}

func zenityArguments(o Options, save bool) []string {
	arguments := []string{"--file-selection", "--title=" + o.Title}
	if save {
		arguments = append(arguments, "--save", "--confirm-overwrite")
	}
	if o.Folder != "" || o.Name != "" {
		start := o.Name
		if o.Folder != "" {
			start = strings.TrimSuffix(o.Folder, "/") + "/" + o.Name // the slash says that it is a folder
		}
		arguments = append(arguments, "--filename="+start)
	}
	for _, f := range o.Filters {
		filter := "--file-filter=" + strings.ReplaceAll(f.Name, "|", "/") + " |"
		for _, pattern := range f.Patterns {
			filter += " " + anyCase(pattern)
		}
		arguments = append(arguments, filter)
	}
	return arguments
}
