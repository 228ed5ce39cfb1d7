//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
	"amarre/ui"
)

// index writes a list of n profiles, without items in the keyring.
func (r *rig) index(n int) {
	r.t.Helper()
	var lines []string
	names := []string{"Port de Sète", "Port de Montpellier", "Capitainerie d’Agde", "Port-Fréjus", "Port de Bandol", "Saint-Élie", "Port d’Hyères"}
	for i := range n {
		environment, extra := "production", ""
		if i%5 == 3 {
			environment = "test"
		}
		if i%3 == 0 {
			extra = `,"erp":"Alizée"`
		}
		if i%4 == 1 {
			extra += `,"check":"accepted","checked":"2026-11-20T09:00:00Z"`
		}
		if i%17 == 2 {
			extra += `,"check":"refused","checked":"2026-11-21T09:00:00Z"`
		}
		if i == n/2 {
			extra += `,"favourite":true`
		}
		lines = append(lines, fmt.Sprintf(`{"id":"p-%05d","name":"%s %05d","service":"https://logapass-%d.example/ws","environment":"%s","portCode":"P%02d","erpId":%d,"saved":"2026-11-01T00:00:00Z"%s}`,
			i, names[i%len(names)], i, i%3, environment, i%100, 1+i/100, extra))
	}
	r.write("profiles.json", "{\"version\":1,\"profiles\":[\n"+strings.Join(lines, ",\n")+"\n]}\n")
}

// maxTries limits how often a duration is measured: beside other work of the machine a
// single measurement says little, and the least of several what the program takes.
const maxTries = 5

// TestManyProfiles: a list of 1,000 ports is there within 150 ms of the first frame, one of
// 10,000, whose file alone takes 100 ms to read, within 250 ms; and a search answers within
// one frame of 16 ms.
func TestManyProfiles(t *testing.T) {
	for n, most := range map[int]float64{1000: 150, 10000: 250} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			r := newRig(t, fmt.Sprintf("fr-%d-profiles", n))
			r.settings(shortDelay)
			r.index(n)
			found := func(what string, fewer int) {
				t.Helper()
				r.waitFor("list", "", what, func(w widget) bool { return w.Rows > 0 && w.Rows < fewer })
			}
			measure := func() (listed, searched float64) {
				t.Helper()
				r.start("--service", r.service.URL, "--lang", "fr")
				r.rows(n)
				r.shot("list")
				r.key("ctrl+f")
				r.focused("entry", "Rechercher")
				r.typed("elie 1")
				found("what the search finds", n/7+1)
				r.shot("searching")
				r.typed(" alizee test")
				found("less", n/20)
				s := r.state()
				return s.ListedAfter, s.Searched
			}
			listed, searched := measure()
			for try := 1; try < maxTries && (listed > most || searched > 16); try++ {
				t.Logf("%d profiles: listed %.0f ms after the start of the window, slowest search %.1f ms; measured again", n, listed, searched)
				r.key("ctrl+q")
				r.ended()
				again, slowest := measure()
				listed, searched = min(listed, again), min(searched, slowest)
			}
			t.Logf("%d profiles: listed %.0f ms after the start of the window, slowest search %.1f ms", n, listed, searched)
			if listed > most || searched > 16 {
				t.Errorf("listed after %.0f ms, searched in %.1f ms; want %.0f and 16", listed, searched, most)
			}
			r.key("Escape", "Down", "End", "Home", "Page_Down")
			rows := r.waitFor("list", "", "the focus", func(w widget) bool { return w.Focused && w.Rows == n })
			r.clickAt(rows.X+90, rows.Y+45, "3")
			r.there("item", r.text("menu.duplicate"))
			r.shot("menu")
			r.key("Escape")
			r.gone("menu", "")
		})
	}
}

// TestLockedKeyring: what it is and what to do, and on with the work.
func TestLockedKeyring(t *testing.T) {
	r := newRig(t, "fr-locked")
	r.begin()
	r.obtain("SET", "Port de Sète")
	r.key("ctrl+n")
	r.page("new")
	lock(t, os.Environ())
	t.Cleanup(func() { unlock(t, os.Environ()) })
	r.key("ctrl+f")
	r.typed("sete")
	r.key("Return")
	r.port("Port de Sète", "unreadable")
	r.says("band", "verrouillé")
	r.wait("the state of the keyring", func(s *ui.HookState) bool { return s.Keyring == "locked" })
	r.shot("open")
	r.key("Escape", "ctrl+n")
	r.login("MTP")
	r.port("Port de Montpellier", "obtained")
	r.key("ctrl+s")
	r.says("band", "verrouillé")
	r.shot("save")
	r.tap("save.session")
	r.noticed("save.done_session", "Name", "Port de Montpellier")
	r.key("ctrl+t")
	r.says("text", r.text("diagnose.nothing_secret"))
	r.tap("trouble.keyring_test")
	r.question(r.text("keyring.title"))
	r.says("dialog", "déverrouiller")
	r.shot("advice")
	unlock(t, os.Environ())
	r.tap("keyring.test")
	r.says("dialog", "Le trousseau garde ce qu’on lui confie.")
	r.shot("tested")
	r.key("Escape")
	r.closed()
	r.says("toast", "gardé que jusqu’à la fermeture")
	r.shot("waiting")
	r.tap("session.save")
	r.says("toast", "1\u00a0port enregistré dans le trousseau.")
	r.key("ctrl+q")
	r.ended()
	r.start("--lang", "fr")
	r.rows(2)
}

// TestOrganize: a token that changed, the previous one, marks, export and import,
// by keyboard.
func TestOrganize(t *testing.T) {
	r := newRig(t, "fr-organize")
	r.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	r.begin()
	r.obtain("SET", "Port de Sète")
	r.shot("one-profile")

	// A token that changed.
	r.palette("nouveau jeton")
	r.page("renew")
	r.focused("secret", "Mot de passe")
	r.typed(authtest.DemoPassword)
	r.key("Return")
	r.question(r.text("again.title"))
	r.focused("button", r.text("form.cancel"))
	r.key("Tab", "Return")
	r.port("Port de Sète", "differs")
	r.says("band", "seul le nouveau est valable")
	r.focused("button", r.text("differs.take"))
	r.shot("token-changed")
	r.key("Return")
	r.port("Port de Sète", "saved")
	r.wait("the copy", func(s *ui.HookState) bool { return s.Clears > 0 })
	r.palette("jeton precedent")
	r.question(r.text("previous.title", "Name", "Port de Sète"))
	r.focused("button", r.text("result.check"))
	r.key("Return")
	r.says("dialog", "Le service ne l’accepte plus.")
	r.shot("previous")
	r.key("Escape")
	r.closed()

	// Name, ERP, note, favourite.
	r.key("F2")
	r.page("edit")
	r.focused("entry", r.text("reading.name"))
	r.key("ctrl+a")
	r.typed("Port de Sète, bureau")
	r.tabTo("Tab", "entry", r.text("result.erp"))
	r.typed("Alizée")
	r.tabTo("Tab", "entry", r.text("result.note"))
	r.typed("Bureau du port")
	r.shot("edit")
	r.key("Return")
	r.port("Port de Sète, bureau", "saved")
	r.says("text", "15 – Alizée")
	r.says("text", "Bureau du port")
	r.key("ctrl+b", "F5")
	r.verdict("accepted")

	// Others like it: what is not kept is typed again, what is kept is not.
	r.key("ctrl+d")
	r.page("new")
	r.focused("entry", "Code port")
	r.typed("MTP")
	r.tabTo("Tab", "secret", "Mot de passe")
	r.typed(authtest.DemoPassword)
	r.key("Return")
	r.port("Port de Montpellier", "obtained")
	r.tabTo("Tab", "tick", r.text("result.keep_password"))
	r.key("space")
	r.on("tick", "result.keep_password")
	r.key("ctrl+s")
	r.port("Port de Montpellier", "saved")
	r.key("ctrl+d")
	r.page("new")
	r.focused("entry", "Code port")
	r.waitFor("secret", "Mot de passe", "the password", func(w widget) bool { return w.Text == "hidden" })
	r.typed("AGD")
	r.key("Return")
	r.port("Port du Cap d'Agde", "obtained")
	r.key("ctrl+s")
	r.port("Port du Cap d'Agde", "saved")
	r.rows(3)
	r.shot("three")

	// A token that was revoked: Enter asks for another.
	r.service.Revoke("AGD")
	r.key("F5")
	r.verdict("refused")
	r.says("band", r.text("refused.token_title"))
	r.focused("button", r.text("refused.renew"))
	r.shot("refused")
	r.key("Return")
	r.page("renew")
	r.key("Escape")
	r.page("reading")

	// Marks, export.
	r.key("ctrl+f", "Down", "Home", "shift+Down")
	r.page("marked")
	r.says("text", "2\u00a0ports cochés")
	r.shot("marked")
	r.key("ctrl+e")
	r.question(r.texts.N("export.title", 2))
	r.focused("secret", r.text("export.passphrase"))
	const passphrase = "quatre bateaux au mouillage"
	r.typed(passphrase)
	r.waitFor("secret", r.text("export.passphrase"), "the least length", func(w widget) bool { return w.Note == "Au moins 8\u00a0caractères." })
	r.tabTo("Tab", "secret", r.text("export.again"))
	r.typed(passphrase)
	r.shot("export")
	r.key("Return")
	r.wait("that two ports are exported", func(s *ui.HookState) bool { // where, may be too long for a notice
		return strings.Contains(s.Notice+s.Message, "2\u00a0ports exportés")
	})

	// Deleted, then imported from the file.
	r.key("ctrl+f", "Down", "Home", "Delete")
	r.rows(2)
	r.noticed("delete.done", "Name", "Port de Sète, bureau") // the favourite
	r.key("ctrl+i")
	r.question(r.text("import.title"))
	r.focused("secret", r.text("export.passphrase"))
	r.typed("pas la bonne")
	r.key("Return")
	r.says("dialog", "Ce n’est pas la phrase secrète")
	r.shot("import-wrong")
	r.typed(passphrase)
	r.key("Return")
	r.says("dialog", "1\u00a0port sera ajouté.")
	r.shot("import-preview")
	r.key("Return")
	r.says("toast", "1\u00a0port importé.")
	r.rows(3)

	// Another program changes the list: it is shown at once.
	store := profile.Open(profile.Options{Dir: r.config(), Keyring: keyring.System(keyring.SystemOptions{})})
	defer store.Close()
	profiletest.Save(t, store, profile.Profile{Name: "D’ailleurs", Service: "https://ailleurs.example", PortCode: "XXX", ERPID: 1},
		profile.Secrets{Token: authclient.NewSecret("ELSEWHERE-TOKEN")})
	begin := time.Now()
	r.rows(4)
	t.Logf("a change by another program is shown after %v", time.Since(begin).Round(10*time.Millisecond))
	r.shot("elsewhere")
	// docs/security.md 14: nothing in clear, on any disk that the program could write to.
	secret := []string{authtest.DemoPassword, passphrase}
	list, err := store.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		secrets, err := store.Load(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		secret = append(secret, secrets.Token.Reveal())
		if p.HasPrevious {
			secret = append(secret, secrets.Previous.Reveal())
		}
	}
	if len(secret) != 7 {
		t.Fatalf("%d secrets, want those of four profiles, one of them with a previous token", len(secret))
	}
	files := r.searchFor(r.home, secret...) + r.searchFor(os.Getenv("HOME"), secret...)
	t.Logf("%d secrets in %d files: not found", len(secret), files)
}
