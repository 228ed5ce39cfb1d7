package ui

import (
	"maps"

	"amarre/authclient"
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
	file := kit.NewEntry(nil)
	file.SetText(w.settings.Authorities[address.String()])
	answers := []kit.Answer{
		{Text: w.t.T("form.cancel")},
		{Text: w.t.T("authority.use"), Stay: true, Do: func() { w.useAuthority(address, authclient.TrimPasted(file.Text)) }},
	}
	if file.Text != "" {
		answers = append([]kit.Answer{{Text: w.t.T("authority.remove"), Do: func() { w.setAuthority(address, "") }}}, answers...)
	}
	w.dropped = file.SetText
	w.show(kit.Question{
		Title: w.t.T("authority.title", "Host", address.Host()), Text: w.t.T("authority.text"), Input: file, Answers: answers,
		Closed: func() { w.dropped = nil },
	})
}

// useAuthority saves the file if it has a certificate, else it shows an error in the open
// dialog.
func (w *Window) useAuthority(address authclient.Address, file string) {
	if _, err := authclient.LoadCA(file); err != nil || file == "" {
		w.dialog.Fail(w.t.T("error.ca", "File", file))
		return
	}
	w.dialog.Escape()
	w.setAuthority(address, file)
}

// setAuthority saves the file for a service; "" removes it.
func (w *Window) setAuthority(address authclient.Address, file string) {
	authorities := map[string]string{}
	maps.Copy(authorities, w.settings.Authorities)
	key := "authority.used"
	if file == "" {
		key = "authority.removed"
		delete(authorities, address.String())
	} else {
		authorities[address.String()] = file
	}
	w.settings.Authorities, w.deps.Clients.Authorities = authorities, authorities
	w.deps.SaveSettings(w.settings)
	w.status.say(w.t.T(key, "Host", address.Host()), "", nil)
}
