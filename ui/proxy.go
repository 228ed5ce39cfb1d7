package ui

import (
	"maps"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/internal/settings"
	"amarre/ui/kit"
)

// proxies asks for the proxy of a service.
type proxies struct{ *Window }

// proxy asks for the address of the proxy to the service that the page is about.
func (w proxies) proxy() {
	if w.p.Blocked() {
		return
	}
	service, err := authclient.ParseAddress(w.p.Address())
	if err != nil {
		w.p.Trouble(w.t.Address(err))
		return
	}
	d := &taskDialog{w: w.Window}
	var address *kit.Entry
	var field *kit.LabelledField
	answers := []kit.Answer{
		{Text: w.t.T("form.cancel")},
		{Text: w.t.T("authority.use"), Stay: true, Do: func() { w.proxies.useProxy(d, field, service, authclient.TrimPasted(address.Text)) }},
	}
	now := w.p.Settings().Proxies[service.String()]
	if now != "" {
		answers = append([]kit.Answer{{Text: w.t.T("proxy.of_system"), Do: func() { w.proxies.setProxy(service, "") }}}, answers...)
	}
	d.open(kit.Question{
		Title: w.t.T("proxy.title", "Host", service.Host()), Text: w.t.T("proxy.text", "Form", authclient.ProxyFormPlain, "None", authclient.NoProxy),
		Width: wideDialog, Answers: answers,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			address = kit.NewEntry(keys)
			address.SetText(now)
			address.OnSubmitted = func(string) { w.dialog.Default() }
			field = kit.NewLabelledField(w.t.T("proxy.address"), address)
			return field, address
		},
	})
}

// useProxy saves the address if it is one of a proxy, else it shows why at its field.
func (w proxies) useProxy(d *taskDialog, field *kit.LabelledField, service authclient.Address, address string) {
	if err := authclient.CheckProxy(address); err != nil {
		d.dialog.FailAt(field, w.t.Proxy(err))
		return
	}
	d.dialog.Escape()
	w.proxies.setProxy(service, address)
}

// setProxy saves the proxy of a service; "" is that of the system.
func (w proxies) setProxy(service authclient.Address, address string) {
	key := "proxy.used"
	if address == "" {
		key = "proxy.removed"
	}
	w.p.ChangeSettings(func(s *settings.Settings) {
		all := map[string]string{}
		maps.Copy(all, s.Proxies)
		all[service.String()] = address
		if address == "" {
			delete(all, service.String())
		}
		s.Proxies = all
	})
	w.p.Deps().Clients.Proxies = w.p.Settings().Proxies
	w.p.Say("check", w.t.T(key, "Host", service.Host()), "", nil)
}
