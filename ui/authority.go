package ui

import (
	"cmp"
	"context"
	"errors"
	"maps"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/ui/kit"
)

// authorities asks for the certificate authority of a service.
type authorities struct{ *Window }

// authority asks for the file of an extra certificate authority for the service that the page
// is about.
func (w authorities) authority() {
	if w.p.Blocked() {
		return
	}
	address, err := authclient.ParseAddress(w.p.Address())
	if err != nil {
		w.p.Trouble(w.t.Address(err))
		return
	}
	d := &taskDialog{w: w.Window}
	var file *kit.Entry
	var field *kit.LabelledField
	answers := []kit.Answer{
		{Text: w.t.T("form.cancel")},
		{Text: w.t.T("authority.use"), Stay: true, Do: func() { w.authorities.useAuthority(d, field, address, authclient.TrimPasted(file.Text)) }},
	}
	now := w.p.Settings().Authorities[address.String()]
	if now != "" {
		answers = append([]kit.Answer{{Text: w.t.T("authority.remove"), Do: func() { w.authorities.setAuthority(address, "") }}}, answers...)
	}
	d.open(kit.Question{
		Title: w.t.T("authority.title", "Host", address.Host()), Text: w.t.T("authority.text"), Width: wideDialog, Answers: answers,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			file = kit.NewEntry(keys)
			file.SetText(now)
			file.OnSubmitted = func(string) { w.dialog.Default() }
			open := w.paths.openDialog(w.t.T("authority.dialog"), "*.pem", "*.cer", "*.crt", "*.der", "*.p7b")
			field = kit.NewLabelledField(w.t.T("import.file"), file).Beside(w.paths.browse(keys, open, file.SetText))
			return field, file
		},
	})
	w.dropped = file.SetText
}

// useAuthority saves the file if it can be used for the service, else it shows why at its field.
func (w authorities) useAuthority(d *taskDialog, field *kit.LabelledField, address authclient.Address, file string) {
	if file == "" {
		d.dialog.FailAt(field, w.t.T("error.ca_unnamed"))
		return
	}
	client, err := w.deps.Clients.ClientWith(address, service.Connection{CAFile: file})
	if err != nil {
		d.dialog.FailAt(field, w.p.ClientError(err))
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
				d.dialog.FailAt(field, w.t.Authority(authority))
			case err == nil:
				d.dialog.Escape()
				w.authorities.setAuthority(address, file)
			}
		}
	})
}

// setAuthority saves the file for a service; "" removes it.
func (w authorities) setAuthority(address authclient.Address, file string) {
	key := "authority.used"
	if file == "" {
		key = "authority.removed"
	}
	w.p.ChangeSettings(func(s *settings.Settings) {
		authorities := map[string]string{}
		maps.Copy(authorities, s.Authorities)
		authorities[address.String()] = file
		if file == "" {
			delete(authorities, address.String())
		}
		s.Authorities = authorities
	})
	w.p.Deps().Clients.Authorities = w.p.Settings().Authorities
	w.p.Say("check", w.t.T(key, "Host", address.Host()), "", nil)
}
