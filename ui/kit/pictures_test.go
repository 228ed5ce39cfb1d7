package kit_test

import (
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/authclient"
	"amarre/ui/kit"
)

// TestSheets draws every part in each theme: most of them in one picture, and fields, menus,
// dialogs, rows and messages in others.
func TestSheets(t *testing.T) {
	for _, c := range []struct {
		name string
		size fyne.Size
		draw func(w fyne.Window)
	}{
		{"parts", fyne.NewSize(980, 800), drawParts},
		{"fields", fyne.NewSize(680, 680), drawFields},
		{"menu", fyne.NewSize(400, 420), func(w fyne.Window) {
			w.SetContent(kit.NewBox(kit.Page, kit.None, 0))
			kit.ShowMenu(w.Canvas(), nil, menuItems(), fyne.NewPos(24, 24), 330, nil).Highlight(0)
		}},
		{"menu-low", fyne.NewSize(400, 220), func(w fyne.Window) {
			w.SetContent(kit.NewBox(kit.Page, kit.None, 0))
			press(kit.ShowMenu(w.Canvas(), nil, menuItems(), fyne.NewPos(300, 24), 0, nil), fyne.KeyUp)
		}},
		{"select", fyne.NewSize(400, 260), func(w fyne.Window) {
			s := kit.NewSelect(nil, nil, "Capitainerie v8", "Alizée 3", "Nautic Port")
			s.Select(1)
			w.SetContent(kit.Pad(20, 20, 20, 20, kit.Column(0, s)))
			w.Canvas().Focus(s)
			press(s, fyne.KeySpace)
		}},
		{"dialog", fyne.NewSize(700, 460), func(w fyne.Window) {
			drawFields(w)
			entry := kit.NewEntry(nil)
			d := kit.Ask(w.Canvas(), kit.Question{
				Title: "Exporter 3 ports", Text: "Le fichier contient les jetons, chiffrés avec cette phrase de passe. Notez-la : sans elle, personne ne peut l’ouvrir.",
				Closed:  func() {},
				Content: func(kit.Keys) (fyne.CanvasObject, fyne.Focusable) { return kit.Framed(entry, 34), entry },
				Answers: []kit.Answer{{Text: "Parcourir…", Stay: true}, {Text: "Annuler"}, {Text: "Exporter"}},
			})
			entry.SetText("/home/capitainerie/ports.amarre")
			d.Fail("Ce fichier existe déjà, et il n’est pas un export d’Amarre.")
		}},
		{"dialog-low", fyne.NewSize(600, 340), func(w fyne.Window) {
			w.SetContent(kit.NewBox(kit.Page, kit.None, 0))
			kit.Ask(w.Canvas(), kit.Question{
				Title: "Dépannage", Text: longText, Closed: func() {},
				Answers: []kit.Answer{{Text: "Copier"}, {Text: "Fermer"}},
			})
		}},
		{"rows", fyne.NewSize(300, 240), drawRows},
		{"toast", fyne.NewSize(700, 140), func(w fyne.Window) {
			toast(w, 120, kit.Message{Icon: "check", Text: "Jeton copié", Detail: "presse-papiers vidé dans 42 s", Action: "Vider", Fraction: func() float32 { return 0.93 }})
		}},
		{"toast-focused", fyne.NewSize(700, 140), func(w fyne.Window) {
			w.Canvas().Focus(toast(w, 0, kit.Message{Icon: "trash-2", Text: "Port de Bandol supprimé", Action: "Annuler"}).Action())
		}},
		{"toast-narrow", fyne.NewSize(360, 140), func(w fyne.Window) {
			toast(w, 0, kit.Message{Icon: "check", Text: "Jeton copié", Detail: "presse-papiers vidé dans 42 s", Action: "Vider"})
		}},
	} {
		if underRace && c.name != "parts" { // what draws the others is the same
			continue
		}
		t.Run(c.name, func(t *testing.T) { draw(t, "kit-"+c.name, c.size, c.draw) })
	}
}

// draw takes a picture of a window in each theme, and checks that it has the right size and
// more than one colour. If AMARRE_PICTURES is set, it saves the picture in that folder, for a
// person to look at.
func draw(t *testing.T, name string, size fyne.Size, content func(fyne.Window)) {
	t.Helper()
	for theme, variant := range variants {
		// The letters and the sizes are those of a theme, so that it is set before the parts are made.
		w := themed(t, variant, container.NewWithoutLayout())
		w.Resize(size)
		content(w)
		// A change of the theme and back is a change of every colour.
		for _, now := range []fyne.ThemeVariant{1 - variant, variant} {
			fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(&now))
		}
		w.Resize(size.AddWidthHeight(1, 0))
		w.Resize(size)
		picture := w.Canvas().Capture()
		if got, want := picture.Bounds().Size(), image.Pt(int(size.Width), int(size.Height)); got != want {
			t.Errorf("%s: the picture has %v pixels, want %v", theme, got, want)
		}
		if !colourful(picture) {
			t.Errorf("%s: the picture has one colour", theme)
		}
		if dir := os.Getenv("AMARRE_PICTURES"); dir != "" {
			file, err := os.Create(filepath.Join(dir, name+"-"+theme+".png"))
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(png.Encode(file, picture), file.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// colourful reports whether a picture has more than one colour.
func colourful(picture image.Image) bool {
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if picture.At(x, y) != picture.At(bounds.Min.X, bounds.Min.Y) {
				return true
			}
		}
	}
	return false
}

func drawFields(w fyne.Window) {
	focused, wrong, search, off := kit.NewEntry(nil), kit.NewEntry(nil), kit.NewEntry(nil), kit.NewEntry(nil)
	focused.SetText("https://logpass.datacomsys.example")
	search.ShowIcon("search")
	search.SetPlaceHolder("Rechercher")
	off.SetText("https://logpass.datacomsys.example")
	off.Disable()
	quietFrame := kit.Framed(search, 34)
	quietFrame.SetEdge(kit.ControlLine)
	wrong.SetText("MT")
	code := kit.NewLabelledField("Code port", wrong)
	code.Fail("3 caractères")
	number := kit.NewEntry(nil)
	number.SetText("15")
	secret := kit.NewSecretEntry(nil)
	secret.SetSecret(authclient.NewSecret("correct horse battery"))
	password := kit.NewLabelledField("Mot de passe", secret)
	password.Hint("Celui de DataComSys, avec le code port et l’identifiant ERP.")
	erp := kit.NewSelectEntry(nil)
	erp.SetOptions([]string{"Capitainerie v8"})
	erp.SetText("Capitainerie v8")
	fixed, quiet := kit.NewSelect(nil, nil, "Capitainerie v8"), kit.NewSelect(nil, nil, "Favoris, puis code")
	fixed.SetPlaceholder("Choisir…")
	quiet.SetQuiet()
	quiet.Select(0)
	file := kit.NewLabelledField("Fichier", kit.NewEntry(nil)).Beside(kit.NewPush("Parcourir…", "", kit.Second, nil, nil).Tall()).Aside(kit.NewText("Effacer", kit.SmallMedium, kit.Ink2))
	file.Warn("Ce fichier est sur un lecteur partagé.")
	area := kit.NewArea(nil, 3, true)
	area.SetText("MTP;15;Port de Montpellier\nSET;15;Port de Sète")
	list := kit.NewLabelledField("Liste", area)
	w.SetContent(container.NewStack(kit.NewBox(kit.Page, kit.None, 0), kit.Pad(16, 20, 16, 20, kit.Column(14,
		kit.TopRow(12, kit.Grow(quietFrame), kit.Grow(kit.Framed(off, 34))),
		kit.NewLabelledField("Adresse du service", focused),
		kit.TopRow(12, kit.Fixed(150, 0, code), kit.Grow(kit.NewLabelledField("Identifiant ERP", number)), kit.Grow(kit.NewLabelledField("ERP", erp))),
		password,
		kit.TopRow(12, kit.Grow(kit.NewLabelledField("ERP", fixed)), kit.Grow(kit.NewLabelledField("Trier la liste", quiet))),
		file, list))))
	w.Canvas().Focus(focused)
}

func menuItems() []kit.MenuItem {
	return []kit.MenuItem{
		{Icon: "copy", Text: "Le jeton seul", Key: "Ctrl+Maj+C"},
		{Icon: "file-text", Text: "En-tête HTTP"},
		{Icon: "file-text", Text: "Fichier .env", Checked: true},
		{Icon: "file-text", Text: "Déclarations WLangage, avec un nom qui est trop long", Key: "F2"},
		{Separator: true},
		{Icon: "network", Text: "Commande curl, sans le jeton", Disabled: true, Key: "F3"},
		{Icon: "trash-2", Text: "Supprimer", Key: "Suppr"},
		{Separator: true},
		{Text: "Quitter", Key: "Ctrl+Q"},
	}
}

// nameRow is a row with a name.
type nameRow struct {
	kit.RowBase
	name *kit.Text
}

func newNameRow(l *kit.List) *nameRow {
	r := &nameRow{name: kit.NewElided("", kit.Body, kit.Ink)}
	r.Extend(r, l, 8, 9, r.name)
	return r
}

func drawRows(w fyne.Window) {
	names := []string{"Port d’Arcachon", "Vieux-Port de Marseille", "Port de Sète", "Port du Cap d’Agde", "Port Tino Rossi, Ajaccio", "Port Vauban, Antibes", "Port de Bandol", "Port de Bénodet"}
	var list *kit.List
	list = kit.NewList(nil, func() int { return len(names) }, func() fyne.CanvasObject { return newNameRow(list) }, func(i int, o fyne.CanvasObject) {
		row := o.(*nameRow)
		row.Update(i, i == 1)
		if i == 4 {
			row.MouseIn(nil)
		}
		ink := kit.Ink
		if row.Open() {
			ink = kit.SoftInk
		}
		row.name.Set(names[i], ink)
	})
	w.SetContent(container.NewStack(kit.NewBox(kit.Side, kit.None, 0), list.Dense()))
	w.Canvas().Focus(list)
	press(list, fyne.KeyDown, fyne.KeyDown)
}

func toast(w fyne.Window, left float32, m kit.Message) *kit.Toasts {
	toasts := kit.NewToasts(func(time.Duration, func()) func() { return func() {} })
	toasts.SetLeft(left)
	w.SetContent(container.NewStack(kit.NewBox(kit.Page, kit.None, 0), toasts.Layer()))
	toasts.Show(m)
	return toasts
}

const longText = "Le service ne répond pas.\n\n1. Vérifiez la connexion de l’ordinateur.\n2. Vérifiez l’adresse du service.\n3. Demandez à votre administrateur si le serveur mandataire laisse passer cette adresse.\n4. Essayez à nouveau dans quelques minutes.\n5. Écrivez à DataComSys, avec le rapport ci-dessous.\n\nRien de ce que vous avez tapé n’est perdu.\n\nLes jetons enregistrés restent valables, et peuvent être copiés pendant ce temps."
