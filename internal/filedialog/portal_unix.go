//go:build unix && !darwin

package filedialog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/godbus/dbus/v5"
)

// The portal of a desktop: see "File Chooser" and "Request" at
// flatpak.github.io/xdg-desktop-portal/docs.
const (
	portalName  = "org.freedesktop.portal.Desktop"
	portalPath  = dbus.ObjectPath("/org/freedesktop/portal/desktop")
	fileChooser = "org.freedesktop.portal.FileChooser"
	request     = "org.freedesktop.portal.Request"
)

// askPortal asks the portal on the bus of an address. The bus starts a portal that is
// installed; nothing starts a bus.
func askPortal(ctx context.Context, address string, o Options, save bool) (string, error) {
	if address == "" {
		return "", unavailable(errors.New("there is no session bus"))
	}
	type answer struct {
		path string
		err  error
	}
	done := make(chan answer, 1)
	go func() { // the library waits without limit for a bus that hangs
		path, err := converse(ctx, address, o, save)
		done <- answer{path, err}
	}()
	select {
	case a := <-done:
		return a.path, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// converse does what askPortal does on a connection of its own. One that is shared would give
// its signals to others, and theirs to this.
func converse(ctx context.Context, address string, o Options, save bool) (string, error) {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	connected := context.AfterFunc(ctx, end)
	conn, err := dbus.Connect(address, dbus.WithContext(life))
	if err != nil {
		return "", unavailable(err)
	}
	defer conn.Close()
	connected() // from here on ctx closes the dialog first

	sender := strings.ReplaceAll(strings.TrimPrefix(conn.Names()[0], ":"), ".", "_")
	token := "amarre" + rand.Text()
	handle := portalPath + "/request/" + dbus.ObjectPath(sender+"/"+token)
	signals := make(chan *dbus.Signal, 8)
	conn.Signal(signals) // before the call: the answer may be the next message
	if err := conn.AddMatchSignalContext(ctx, dbus.WithMatchInterface(request), dbus.WithMatchMember("Response"),
		dbus.WithMatchPathNamespace(portalPath+"/request/"+dbus.ObjectPath(sender))); err != nil {
		return "", unavailable(err)
	}
	method, parent := fileChooser+".OpenFile", ""
	if save {
		method = fileChooser + ".SaveFile"
	}
	if o.Parent != 0 {
		parent = fmt.Sprintf("x11:%x", o.Parent)
	}
	closeDialog := func() {
		conn.Object(portalName, handle).Go(request+".Close", dbus.FlagNoAutoStart|dbus.FlagNoReplyExpected, nil)
	}
	call := conn.Object(portalName, portalPath).CallWithContext(ctx, method, 0, parent, valid(o.Title), portalOptions(o, token, save))
	if ctx.Err() != nil {
		closeDialog()
		return "", ctx.Err()
	}
	if err := call.Store(&handle); err != nil {
		return "", unavailable(err)
	}
	for {
		select {
		case signal, ok := <-signals:
			if !ok {
				return "", errors.New("the session bus has gone")
			}
			if signal.Path == handle && signal.Name == request+".Response" {
				return readResponse(signal.Body)
			}
		case <-ctx.Done():
			closeDialog()
			return "", ctx.Err()
		}
	}
}

// valid returns a text that a bus can carry.
func valid(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "")
}

// portalFilter and portalRule are a filter with the signature (sa(us)); rule 0 is a glob.
type (
	portalFilter struct {
		Name  string
		Rules []portalRule
	}
	portalRule struct {
		Kind    uint32
		Pattern string
	}
)

func portalOptions(o Options, token string, save bool) map[string]dbus.Variant {
	options := map[string]dbus.Variant{"handle_token": dbus.MakeVariant(token), "modal": dbus.MakeVariant(true)}
	var filters []portalFilter
	for _, f := range o.Filters {
		filter := portalFilter{Name: valid(f.Name)}
		for _, pattern := range f.Patterns {
			filter.Rules = append(filter.Rules, portalRule{Pattern: valid(anyCase(pattern))})
		}
		filters = append(filters, filter)
	}
	if len(filters) > 0 {
		options["filters"] = dbus.MakeVariant(filters)
	}
	if o.Folder != "" {
		options["current_folder"] = dbus.MakeVariant(append([]byte(o.Folder), 0))
	}
	if save && o.Name != "" {
		options["current_name"] = dbus.MakeVariant(valid(o.Name))
	}
	return options
}

// readResponse returns the path in the answer of a portal.
func readResponse(body []any) (string, error) {
	var (
		status  uint32
		results map[string]dbus.Variant
		uris    []string
	)
	if err := dbus.Store(body, &status, &results); err != nil {
		return "", fmt.Errorf("read the portal's answer: %w", err)
	}
	switch status {
	case 0:
	case 1:
		return "", ErrCancelled
	default:
		return "", fmt.Errorf("the portal ended the dialog: response %d", status)
	}
	if list, ok := results["uris"].Value().([]string); ok {
		uris = list
	}
	if len(uris) != 1 {
		return "", fmt.Errorf("the portal gave %d files", len(uris))
	}
	return localPath(uris[0])
}

// localPath returns the path that a file URI names.
func localPath(uri string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return "", errors.New("the portal gave no URI")
	}
	if u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || u.Path == "" {
		return "", fmt.Errorf("the portal gave no file of this computer, but %s", u.Scheme)
	}
	return u.Path, nil
}
