package ui

import (
	"cmp"
	"context"
	"errors"
	"maps"

	"amarre/authclient"
	"amarre/internal/settings"
	"amarre/ui/kit"
)

// authority asks for the file of an extra certificate authority for the service in the
// form.
func (w *Window) authority() {
	if w.blocked() {
		return
	}
	address, err := authclient.ParseAddress(w.form.service.Text)
	if err != nil {
		w.failService(w.t.Address(err))
		return
	}
	d := &taskDialog{w: w}
	file := kit.NewEntry(nil)
	file.SetText(w.settings.Authorities[address.String()])
	answers := []kit.Answer{
		{Text: w.t.T("form.cancel")},
		{Text: w.t.T("authority.use"), Stay: true, Do: func() { w.useAuthority(d, address, authclient.TrimPasted(file.Text)) }},
	}
	if file.Text != "" {
		answers = append([]kit.Answer{{Text: w.t.T("authority.remove"), Do: func() { w.setAuthority(address, "") }}}, answers...)
	}
	w.dropped = file.SetText
	d.open(kit.Question{
		Title: w.t.T("authority.title", "Host", address.Host()), Text: w.t.T("authority.text"), Input: file, Answers: answers,
		Closed: func() { w.dropped = nil },
	})
}

// useAuthority saves the file if it can be used for the service, else it shows why in the
// dialog.
func (w *Window) useAuthority(d *taskDialog, address authclient.Address, file string) {
	if file == "" {
		d.dialog.Fail(w.t.T("error.ca_unnamed"))
		return
	}
	client, err := w.deps.Clients.ClientWith(address, file)
	if err != nil {
		d.dialog.Fail(w.clientError(err))
		return
	}
	d.dialog.Fail("")
	d.start(func(running string) { d.setText(cmp.Or(running, w.t.T("authority.text"))) }, w.t.T("authority.reading"), func(ctx context.Context) func() {
		err := client.CheckAuthorities(ctx)
		return func() {
			var authority *authclient.CAError
			switch {
			case w.dialog != d.dialog: // the user closed it
			case errors.As(err, &authority):
				d.dialog.Fail(w.t.Authority(authority))
			case err == nil:
				d.dialog.Escape()
				w.setAuthority(address, file)
			}
		}
	})
}

// setAuthority saves the file for a service; "" removes it.
func (w *Window) setAuthority(address authclient.Address, file string) {
	key := "authority.used"
	if file == "" {
		key = "authority.removed"
	}
	w.changeSettings(func(s *settings.Settings) {
		authorities := map[string]string{}
		maps.Copy(authorities, s.Authorities)
		authorities[address.String()] = file
		if file == "" {
			delete(authorities, address.String())
		}
		s.Authorities = authorities
	})
	w.deps.Clients.Authorities = w.settings.Authorities
	w.status.say(w.t.T(key, "Host", address.Host()), "", nil)
}
