package ui

import (
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/i18n"
	"amarre/internal/keyring"
	"amarre/internal/policy"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// state is one state of the window.
type state struct {
	name string
	with func(*harness, *Deps) // changes the dependencies before; may be nil
	do   func(*harness)        // brings the window into the state
}

// gallery has every state of the window that looks different. Add each new dialog and
// message.
var gallery = []state{
	// The initial states come first: a later state that looks like one of them did nothing.
	{"welcome", nil, func(*harness) {}},
	{"overview", nil, func(h *harness) { h.ports() }},
	{"saved", nil, func(h *harness) { h.open() }},

	// A first start, and a new port.
	{"welcome-no-service", func(_ *harness, d *Deps) { d.Service = "" }, func(*harness) {}},
	{"welcome-error", nil, func(h *harness) { h.credentials("MT", "x", ""); h.press(fyne.KeyReturn) }},
	{"welcome-menu", nil, func(h *harness) { h.press(fyne.KeyF10) }},
	{"welcome-example", nil, func(h *harness) { h.aboutDemo() }},
	{"login-running", nil, func(h *harness) {
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.hold = true
		h.press(fyne.KeyReturn)
		h.clock.Advance(3 * time.Second)
	}},
	{"login-refused", nil, func(h *harness) { h.credentials("mtp", "15", "wrong"); h.press(fyne.KeyReturn) }},
	{"login-refused-again", nil, func(h *harness) {
		h.credentials("MTP", "15", "wrong")
		h.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	}},
	{"not-the-service", nil, func(h *harness) {
		h.service.SetQuirks(authtest.Quirks{RedirectTo: "https://portail.example/"})
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
	}},
	{"new", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyN, ctrl) }},
	{"new-details", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyN, ctrl); h.p.ShowDetails(true) }},
	{"new-refused", nil, func(h *harness) {
		h.ports()
		h.shortcut(fyne.KeyN, ctrl)
		h.credentials("ABC", "15", "wrong")
		h.press(fyne.KeyReturn)
	}},
	{"new-known", nil, func(h *harness) {
		h.ports()
		h.shortcut(fyne.KeyN, ctrl)
		h.credentials("BDL", "15", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
	}},
	{"new-other-case", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyN, ctrl); h.credentials("bdl", "15", " x") }},
	{"obtained", nil, func(h *harness) { h.getToken("MTP", false) }},
	{"obtained-unnamed", func(h *harness, _ *Deps) { h.service.SetQuirks(authtest.Quirks{AccountDown: true}) }, func(h *harness) { h.getToken("MTP", false) }},
	{"unsaved", nil, func(h *harness) { h.getToken("MTP", false); h.shortcut(fyne.KeyQ, ctrl) }},

	// A saved port.
	{"revealed", nil, func(h *harness) { h.open(); h.shortcut(fyne.KeyH, ctrl|shift) }},
	{"copied", nil, func(h *harness) { h.open(); h.shortcut(fyne.KeyC, ctrl|shift) }},
	{"checked", nil, func(h *harness) { h.open(); h.press(fyne.KeyF5) }},
	{"forgotten", nil, func(h *harness) { h.open(); h.clock.Advance(6 * time.Minute) }},
	{"opening", nil, func(h *harness) { h.ports(); h.hold = true; h.p.Open(h.p.At(1)); h.clock.Advance(time.Second) }},
	{"long-name", nil, func(h *harness) {
		h.open()
		h.rename(strings.Repeat("Port de plaisance de Saint-Cyprien ", 3), "À demander à la capitainerie, ponton C, du lundi au vendredi de 8 h à 18 h", profile.Test)
	}},
	{"refused", nil, func(h *harness) { h.refused() }},
	{"renew", nil, func(h *harness) { h.open(); h.p.Renew() }},
	{"differs", nil, func(h *harness) { h.differs() }},
	{"differs-revealed", nil, func(h *harness) { h.differs(); h.shortcut(fyne.KeyH, ctrl|shift) }},
	{"other-port", nil, func(h *harness) {
		h.open()
		h.service.SetQuirks(authtest.Quirks{OtherPort: "XYZ"})
		h.press(fyne.KeyF5)
	}},
	{"unverified", nil, func(h *harness) {
		h.open()
		h.service.SetQuirks(authtest.Quirks{AccountDown: true})
		h.press(fyne.KeyF5)
	}},
	{"missing", nil, func(h *harness) {
		h.ports()
		h.ring.Change(profiletest.Faults{Get: &keyring.Error{Class: keyring.ClassMissing, Op: "find the item"}})
		h.p.Open(h.p.At(1))
	}},
	{"bare-token", nil, func(h *harness) { h.ports(); h.ring.Put(h.p.At(1).ID, "TOKEN-BY-HAND"); h.p.Open(h.p.At(1)) }},
	{"edit", nil, func(h *harness) { h.open(); h.press(fyne.KeyF2) }},
	{"edit-unsaved", nil, func(h *harness) {
		h.open()
		h.press(fyne.KeyF2)
		h.typeInto("reading.name", "Capitainerie")
		h.shortcut(fyne.KeyN, ctrl)
	}},
	{"previous", nil, func(h *harness) { h.differs(); h.press(fyne.KeyReturn); h.tokens.previousToken() }},
	{"use-token", nil, func(h *harness) { h.open(); h.tokens.useToken() }},
	{"use-token-empty", nil, func(h *harness) { h.open(); h.tokens.useToken(); h.press(fyne.KeyReturn) }},
	{"letters", nil, func(h *harness) { h.open(); h.shortcut(fyne.KeyL, ctrl) }},
	{"letters-last", nil, func(h *harness) {
		h.open()
		h.shortcut(fyne.KeyL, ctrl)
		for range 12 {
			h.press(fyne.KeyRight)
		}
	}},
	{"compare", nil, func(h *harness) { h.open(); h.shortcut(fyne.KeyV, ctrl|shift) }},
	{"compared-same", nil, func(h *harness) { h.compared(func(token string) string { return "token = " + token }) }},
	{"compared-almost", nil, func(h *harness) { h.compared(func(token string) string { return "Bearer  " + strings.ToLower(token) }) }},
	{"compared-nothing", nil, func(h *harness) { h.compared(func(string) string { return "" }) }},
	{"compared-other", nil, func(h *harness) { h.compared(func(string) string { return "token = " + h.stored(h.p.At(2)) }) }},
	{"compared-cut", nil, func(h *harness) { h.compared(func(token string) string { return "token = " + token[:30] }) }},
	{"compared-own-copy", nil, func(h *harness) {
		h.open()
		h.shortcut(fyne.KeyC, ctrl|shift)
		h.shortcut(fyne.KeyV, ctrl|shift)
		h.answer(pasteButton)
	}},
	{"shared-clipboard", func(_ *harness, d *Deps) { d.Remote = true }, func(h *harness) { h.open(); h.shortcut(fyne.KeyC, ctrl|shift) }},
	{"clipboard-manager", func(_ *harness, d *Deps) { d.Remote, d.SecretClipboard = true, &managedBoard{} }, func(h *harness) { h.open(); h.shortcut(fyne.KeyC, ctrl|shift) }},

	// The list.
	{"overview-to-fix", nil, func(h *harness) {
		h.ports()
		for _, port := range []string{"AGD", "BDL", "PCM"} {
			h.service.Revoke(port)
		}
		h.p.CheckListed()
		h.p.Home()
		h.clock.Advance(31 * time.Second)
	}},
	{"many-list", nil, func(h *harness) { h.ports(); h.p.ManyPorts() }},
	{"many-pasted", nil, func(h *harness) {
		h.p.ManyPorts()
		h.p.TypeList(authclient.NewSecret("SET;Port de Sète\nAGD;Cap d’Agde\nSB;Sanary-Bandol"))
	}},
	{"many-not-read", nil, func(h *harness) {
		h.p.ManyPorts()
		h.p.TypeList(authclient.NewSecret("Code port;Nom\nSET;\"Port de Sète\nAGD;Cap d’Agde"))
		h.p.ReadList()
	}},
	{"many-review", nil, func(h *harness) { h.pasteMany() }},
	{"many-review-ready", nil, func(h *harness) { h.manyReady() }},
	{"many-review-missing", nil, func(h *harness) { h.pasteMany(); h.p.ObtainMany() }},
	{"many-review-other", nil, func(h *harness) {
		h.p.ManyPorts()
		h.p.TypeList(authclient.NewSecret("Code port;Nom;Adresse du service\nSET;Port de Sète;\nAGD;Cap d’Agde;https://autre.example/ws\n"))
		h.p.ReadList()
	}},
	{"many-no-codes", nil, func(h *harness) {
		h.p.ManyPorts()
		h.p.TypeList(authclient.NewSecret("Nom;Ville;Mot de passe\nPort de Sète;Sète;secret\n"))
		h.p.ReadList()
	}},
	{"many-columns", nil, func(h *harness) {
		h.p.ManyPorts()
		h.p.TypeList(authclient.NewSecret("Nom;Code;Mot de passe;Ville\nPort de Sète;SET;secret;Sète\n"))
		h.p.ReadList()
		h.chooseColumns()
	}},
	{"many-correct", nil, func(h *harness) { h.pasteMany(); h.correctRow(0) }},
	{"many-running", nil, func(h *harness) { h.manyRunning() }},
	{"many-running-elsewhere", nil, func(h *harness) { h.manyRunning(); h.p.Home() }},
	{"many-result", nil, func(h *harness) { h.manyReady(); h.p.ObtainMany() }},
	{"many-refused", nil, func(h *harness) {
		h.pasteMany()
		h.p.TypeIdentity(presenter.ERPID, "15")
		h.p.TypeManyPassword(authclient.NewSecret("wrong"))
		h.p.ObtainMany()
	}},
	{"many-differs", nil, func(h *harness) {
		h.save("SET")
		h.p.ManyPorts()
		h.p.TypeList(authclient.NewSecret("Code port;Nom;Jeton\nSET;Port de Sète;AUTRE-JETON-0123456789\nAGD;Cap d’Agde;\n"))
		h.p.ReadList()
		h.p.TypeIdentity(presenter.ERPID, "15")
		h.p.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
		for i := range h.p.Many().Rows {
			h.p.AskAgain(i, true)
		}
		h.p.ObtainMany()
	}},
	{"many-report", nil, func(h *harness) { h.manyReady(); h.p.ObtainMany(); h.saveReport() }},
	{"checked-all", nil, func(h *harness) { h.ports(); h.service.Revoke("AGD"); h.p.CheckListed() }},
	{"checking-all", nil, func(h *harness) { h.ports(); h.hold = true; h.p.CheckListed(); h.clock.Advance(3 * time.Second) }},
	{"overview-empty", nil, func(h *harness) {
		h.ports()
		h.p.MarkAll(true)
		h.press(fyne.KeyDelete)
	}},
	{"marked", nil, func(h *harness) { h.ports(); h.p.Mark(true, 1, 3) }},
	{"search", nil, func(h *harness) { h.ports(); h.p.SetQuery("agde") }},
	{"search-why", nil, func(h *harness) { h.ports(); h.p.SetQuery("prod") }},
	{"search-nothing", nil, func(h *harness) { h.ports(); h.p.SetQuery("toulouse") }},
	{"filter-nothing", nil, func(h *harness) { h.ports(); h.p.SetFilter(presenter.Tests) }},
	{"deleted", nil, func(h *harness) { h.open(); h.p.Delete(h.p.Selection()) }},
	{"deleted-quit", nil, func(h *harness) { h.open(); h.p.Delete(h.p.Selection()); h.shortcut(fyne.KeyQ, ctrl) }},

	// Menus, and what is over the page.
	{"app-menu", nil, func(h *harness) { h.ports(); h.press(fyne.KeyF10) }},
	{"page-menu", nil, func(h *harness) { h.open(); h.menus.showPageMenu() }},
	{"row-menu", nil, func(h *harness) { h.ports(); h.menus.showRowMenu(1, fyne.NewPos(150, 170)) }},
	{"copy-menu", nil, func(h *harness) { h.open(); h.shortcut(fyne.KeyA, ctrl|shift) }},
	{"palette", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyK, ctrl) }},
	{"palette-found", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyK, ctrl); h.typeIn(h.win.Canvas().Focused(), "port") }},
	{"palette-nothing", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyK, ctrl); h.typeIn(h.win.Canvas().Focused(), "xyz") }},
	{"keys", nil, func(h *harness) { h.ports(); h.showKeys() }},
	{"about", nil, func(h *harness) { h.ports(); h.about() }},

	// Preferences and troubleshooting.
	{"preferences", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyComma, ctrl) }},
	{"preferences-captures", func(_ *harness, d *Deps) { d.HideFromCaptures = func(bool) {} }, func(h *harness) { h.shortcut(fyne.KeyComma, ctrl) }},
	{"preferences-fixed", func(_ *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{File: "/etc/amarre/policy.toml", MaxClear: 20 * time.Second, NoPasswords: true, Services: []string{d.Service}}
	}, func(h *harness) {
		h.ports()
		h.deps.Clients.Policy.CAFile = "/etc/ssl/x.pem"
		h.shortcut(fyne.KeyComma, ctrl)
	}},
	{"troubleshooting", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyT, ctrl) }},
	{"troubleshooting-running", nil, func(h *harness) { h.ports(); h.hold = true; h.shortcut(fyne.KeyT, ctrl); h.clock.Advance(time.Second) }},
	{"troubleshooting-failed", func(h *harness, _ *Deps) { h.service.SetQuirks(authtest.Quirks{ServerPage: true}) }, func(h *harness) { h.shortcut(fyne.KeyT, ctrl) }},
	{"troubleshooting-last", func(h *harness, _ *Deps) {
		h.service.SetQuirks(authtest.Quirks{RedirectTo: "https://portail.example/connexion"})
	}, func(h *harness) {
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
		h.shortcut(fyne.KeyT, ctrl)
		h.tap("trouble.last")
	}},
	{"report", nil, func(h *harness) { h.ports(); h.reports.diagnosticReport() }},
	{"report-no-folder", nil, func(h *harness) {
		h.ports()
		h.reports.diagnosticReport()
		h.typeInto("export.file", "none/x.txt")
		h.press(fyne.KeyReturn)
	}},
	{"authority", nil, func(h *harness) { h.ports(); h.authorities.authority() }},
	{"authority-unreadable", nil, func(h *harness) {
		h.ports()
		h.authorities.authority()
		h.typeInto("import.file", filepath.Join(h.dir, "none.pem"))
		h.press(fyne.KeyReturn)
	}},
	{"authority-gone", func(h *harness, d *Deps) {
		d.Settings.Authorities = map[string]string{d.Service: "/" + strings.Repeat("certificats", 9) + ".pem"}
	}, func(h *harness) { h.credentials("MTP", "15", authtest.DemoPassword); h.press(fyne.KeyReturn) }},
	{"authority-change", func(h *harness, d *Deps) {
		d.Settings.Authorities = map[string]string{d.Service: "/etc/ssl/certificats.pem"}
	}, func(h *harness) { h.authorities.authority() }},
	{"proxy", nil, func(h *harness) { h.ports(); h.proxies.proxy() }},
	{"proxy-password", nil, func(h *harness) {
		h.ports()
		h.proxies.proxy()
		h.typeInto("proxy.address", "http://ana:secret@proxy.example:3128")
		h.press(fyne.KeyReturn)
	}},
	{"proxy-change", func(h *harness, d *Deps) {
		d.Settings.Proxies = map[string]string{d.Service: "http://proxy.port.example:3128"}
	}, func(h *harness) { h.proxies.proxy() }},
	{"crash-told", func(h *harness, d *Deps) {
		d.CrashReport = filepath.Join(h.dir, "crash-20261123-143200.txt")
		if err := os.WriteFile(d.CrashReport, []byte("goroutine 1 [running]:\nmain.main()\n"), 0o600); err != nil {
			h.t.Fatal(err)
		}
	}, func(*harness) {}},
	{"crash-report", func(h *harness, d *Deps) {
		d.CrashReport = filepath.Join(h.dir, "crash-20261123-143200.txt")
		if err := os.WriteFile(d.CrashReport, []byte("goroutine 1 [running]:\nmain.main()\n"), 0o600); err != nil {
			h.t.Fatal(err)
		}
	}, func(h *harness) { h.tap("crash.show") }},
	{"settings-unreadable", func(_ *harness, d *Deps) {
		d.SettingsErr = &settings.Error{File: "/home/capitainerie/.config/amarre/settings.json", Err: settings.ErrSyntax}
	}, func(*harness) {}},

	// Export and import.
	{"export", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyE, ctrl) }},
	{"export-no-folder", nil, func(h *harness) {
		h.ports()
		h.shortcut(fyne.KeyE, ctrl)
		h.typeInto("export.file", filepath.Join(h.dir, "none", "ports.amarre"))
		h.typeInto("export.passphrase", "quatre bateaux")
		h.typeInto("export.again", "quatre bateaux")
		h.press(fyne.KeyReturn)
	}},
	{"export-wrong", nil, func(h *harness) {
		h.ports()
		h.shortcut(fyne.KeyE, ctrl)
		h.typeInto("export.passphrase", "quatre bateaux")
		h.typeInto("export.again", "trois bateaux")
		h.press(fyne.KeyReturn)
	}},
	{"export-suggested", nil, func(h *harness) {
		h.ports()
		h.shortcut(fyne.KeyE, ctrl)
		h.tap("export.suggest")
		h.input("export.passphrase").(*kit.SecretEntry).SetText("bateau-phare-marin-voile-ponton") // the same picture each time
	}},
	{"import", nil, func(h *harness) { h.ports(); h.shortcut(fyne.KeyI, ctrl) }},
	{"import-no-file", nil, func(h *harness) {
		h.imports.importFile("ports.amarre")
		h.typeInto("export.passphrase", "quatre bateaux")
		h.press(fyne.KeyReturn)
	}},
	{"import-preview", nil, func(h *harness) {
		h.ports()
		var entries []profile.Entry
		for _, of := range h.p.Ports() {
			entries = append(entries, profile.Entry{Profile: of, Secrets: profile.Secrets{Token: authclient.NewSecret(h.stored(of))}})
		}
		h.p.Open(h.p.At(1))
		h.p.Delete(h.p.Selection()) // the import adds this one, and skips the others
		steps, err := h.deps.Store.PlanImport(h.t.Context(), entries)
		if err != nil {
			h.t.Fatal(err)
		}
		h.imports.previewImport(steps)
	}},
	{"import-conflict", nil, func(h *harness) { h.conflict() }},

	// The keyring.
	{"keyring-waiting", nil, func(h *harness) {
		h.getToken("MTP", false)
		h.hold = true
		h.shortcut(fyne.KeyS, ctrl)
		h.Notice(profile.Notice{Wait: profile.WaitForKeyring})
		h.clock.Advance(2 * time.Second)
	}},
	{"keyring-locked", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: keyring.Locked}) }, func(h *harness) { h.aboutKeyring() }},
	{"keyring-unreadable", nil, func(h *harness) {
		h.ports()
		h.ring.Change(profiletest.Faults{Get: errGone, Is: keyring.Locked})
		h.p.Open(h.p.At(1))
	}},
	{"keyring-place-closed", nil, func(h *harness) {
		h.ring.Change(profiletest.Faults{Place: "Base de la capitainerie"})
		h.ports()
		h.ring.Change(profiletest.Faults{Closed: []string{"Base de la capitainerie"}})
		h.p.Open(h.p.At(1))
	}},
	{"keyring-absent", absent, func(*harness) {}},
	{"keyring-absent-obtained", absent, func(h *harness) { h.getToken("MTP", false) }},
	{"session", absent, func(h *harness) { h.getToken("MTP", true) }},
	{"session-quit", absent, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyQ, ctrl) }},
	{"session-ends", absent, func(h *harness) {
		h.getToken("MTP", true)
		h.ring.Change(profiletest.Faults{})
		h.p.OnForeground()
	}},
	{"keyring-tested", nil, func(h *harness) { h.ports(); h.aboutKeyring(); h.answer(1) }},
	{"save-failed", nil, func(h *harness) {
		h.getToken("MTP", false)
		h.ring.Change(profiletest.Faults{Set: &keyring.Error{Class: keyring.ClassFailed, Op: "save the item"}})
		h.shortcut(fyne.KeyS, ctrl)
	}},

	// Policy and demonstration.
	{"policy-erased", func(_ *harness, d *Deps) { d.Clients.Policy = policy.Policy{NoPasswords: true} }, func(h *harness) { h.ports(); h.p.Tell(h.Window.t.N("policy.erased", 3)) }},
	{"policy-no-passwords", func(_ *harness, d *Deps) { d.Clients.Policy = policy.Policy{NoPasswords: true} }, func(h *harness) { h.getToken("MTP", false) }},
	{"policy-service", func(_ *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{"https://logapass.example/ws", "https://sandbox.example"}}
	}, func(*harness) {}},
	{"policy-authority", func(_ *harness, d *Deps) {
		d.PolicyErr = &policy.Error{File: "/etc/amarre/policy.toml", Key: "ca_file", Err: policy.ErrUntrusted}
	}, func(*harness) {}},
	{"policy-broken", func(_ *harness, d *Deps) {
		d.PolicyErr = &policy.Error{File: "/etc/amarre/policy.toml", Key: "servces", Err: policy.ErrUnknownKey}
	}, func(*harness) {}},
	{"demo", demo, func(*harness) {}},
	{"demo-saved", demo, func(h *harness) { h.getToken("MTP", true) }},
}

// demo is the demonstration.
func demo(h *harness, d *Deps) {
	d.Clients.Demo, d.Demo = h.service.URL, &Demo{PortCode: "MTP", ERPID: 15, Password: authtest.DemoPassword}
}

// absent simulates a computer without a keyring.
func absent(h *harness, _ *Deps) {
	h.ring.Change(profiletest.Faults{Set: errGone, List: errGone, Is: keyring.NoService})
}

// ports saves every port of the simulated service, and checks most of them.
func (h *harness) ports() {
	h.t.Helper()
	for _, account := range authtest.DemoAccounts() {
		h.save(account.PortCode)
	}
	h.p.Reload(nil)
	h.p.SetFavourite(h.p.Ports()[:1], true)
	h.p.Home()
	h.p.CheckThese(h.p.Ports()[:7])
	h.p.Home()
	h.clock.Advance(31 * time.Second)
}

// pasteMany pastes a list of nine ports, five of which can be asked for.
func (h *harness) pasteMany() {
	h.t.Helper()
	h.save("MTP")
	h.p.Reload(nil)
	h.p.ManyPorts()
	h.p.TypeList(authclient.NewSecret("SET;Port de Sète\nAGD;Cap d’Agde\nSB;Sanary-Bandol\nLGM;La Grande-Motte\nPCM;Port Camargue\nMTP;Montpellier\nGRU;Gruissan\nPCM;Port-Camargue encore\nFRJ;Fréjus"))
	h.p.ReadList()
}

// manyReady is pasteMany with what is the same for all rows.
func (h *harness) manyReady() {
	h.t.Helper()
	h.pasteMany()
	h.p.TypeIdentity(presenter.ERPID, "15")
	h.p.TypeManyPassword(authclient.NewSecret(authtest.DemoPassword))
}

// manyRunning is manyReady while the tokens are obtained.
func (h *harness) manyRunning() {
	h.t.Helper()
	h.manyReady()
	h.hold = true
	h.p.ObtainMany()
}

// open opens a saved port among others.
func (h *harness) open() {
	h.t.Helper()
	h.ports()
	h.p.Open(h.p.At(1))
	h.clock.Advance(10 * time.Second)
}

// rename changes what the user may change of the open port, and opens it again.
func (h *harness) rename(name, note string, environment profile.Environment) {
	h.t.Helper()
	saved, err := h.deps.Store.Edit(h.t.Context(), h.p.Credential().Profile.ID, func(p *profile.Profile, _ *profile.Secrets) error {
		p.Name, p.Note, p.Environment, p.ERP = name, note, environment, "Capitainerie v8"
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.p.Home()
	h.p.Reload(nil)
	h.p.Open(saved)
}

// refused opens a port whose token is refused.
func (h *harness) refused() {
	h.t.Helper()
	h.open()
	h.service.Revoke(h.p.Credential().Profile.PortCode)
	h.press(fyne.KeyF5)
}

// differs gets another token for a port whose token is refused.
func (h *harness) differs() {
	h.t.Helper()
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.refused()
	h.press(fyne.KeyReturn)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if h.p.Credential().State != presenter.Differs {
		h.t.Fatalf("there is no decision, but %q", h.texts())
	}
}

// compared compares the open token with what an ERP has.
func (h *harness) compared(configuration func(token string) string) {
	h.t.Helper()
	h.open()
	h.board.text = configuration(h.token())
	h.shortcut(fyne.KeyV, ctrl|shift)
	h.answer(pasteButton)
}

// conflict imports profiles of two ports whose tokens follow the same one, here and in the
// file, and returns what is in the file. Here is a token that does not work, in the file the
// one that does.
func (h *harness) conflict() []profile.Entry {
	h.t.Helper()
	var entries []profile.Entry
	for _, port := range []string{"AGD", "SET"} {
		works := authclient.NewSecret(h.save(port))
		h.p.Reload(nil)
		saved, err := h.deps.Store.Edit(h.t.Context(), h.p.Ports()[len(entries)].ID, func(_ *profile.Profile, s *profile.Secrets) error {
			s.Token, s.Previous = authclient.NewSecret("DEAD-TOKEN-OF-"+port), authclient.NewSecret("COMMON")
			return nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
		entries = append(entries, profile.Entry{Profile: saved, Secrets: profile.Secrets{Token: works, Previous: authclient.NewSecret("COMMON")}})
	}
	h.p.Reload(nil)
	steps, err := h.deps.Store.PlanImport(h.t.Context(), entries)
	if err != nil {
		h.t.Fatal(err)
	}
	h.imports.previewImport(steps)
	h.answer(1)
	return entries
}

// sizes are those that the gallery is drawn in.
var sizes = []struct {
	name string
	fyne.Size
}{{"usual", fyne.NewSize(980, 680)}, {"small", fyne.NewSize(minWidth, minHeight)}, {"middle", fyne.NewSize(760, 520)}, {"large", fyne.NewSize(1400, 900)}}

// TestEveryStateFits: in both languages and every size, each state fits (see fits), and it
// looks like no other. With AMARRE_PICTURES=FOLDER the test also saves light and dark
// pictures. In these pictures only, Fyne draws the text of a partly scrolled entry beyond the
// edge.
func TestEveryStateFits(t *testing.T) {
	for _, language := range i18n.Languages() {
		seen := map[string]string{} // the name of a state by what is drawn
		for _, s := range gallery {
			t.Run(language+"/"+s.name, func(t *testing.T) {
				h := start(t, language, s.with)
				s.do(h)
				for _, size := range sizes {
					if underRace && size.name != "usual" { // a size changes what is drawn, not who draws it
						continue
					}
					h.settle(size.Size)
					drawn := h.fits(size.name)
					if size.name == "usual" {
						if other := seen[drawn]; other != "" {
							t.Errorf("it looks like %s", other)
						}
						seen[drawn] = s.name
					}
					h.picture(language + "-" + s.name + "-" + size.name)
				}
			})
		}
	}
}

// settle resizes the window.
func (h *harness) settle(size fyne.Size) {
	h.win.Resize(size.AddWidthHeight(1, 1))
	h.win.Resize(size)
}

// picture saves a picture of the window in each theme, if AMARRE_PICTURES is set.
func (h *harness) picture(name string) {
	h.t.Helper()
	dir := os.Getenv("AMARRE_PICTURES")
	if dir == "" {
		return
	}
	for _, each := range []string{settings.Light, settings.Dark} {
		h.p.ChangeSettings(func(s *settings.Settings) { s.Theme = each })
		file, err := os.Create(filepath.Join(dir, "state-"+name+"-"+each+".png"))
		if err != nil {
			h.t.Fatal(err)
		}
		if err := errors.Join(png.Encode(file, h.win.Canvas().Capture()), file.Close()); err != nil {
			h.t.Fatal(err)
		}
	}
}
