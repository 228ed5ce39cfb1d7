package kit_test

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/ui/kit"
)

// drawParts draws every part once.
func drawParts(w fyne.Window) {
	head := func(s string) fyne.CanvasObject { return kit.NewText(s, kit.SmallBold, kit.Ink2) }
	row := func(objects ...fyne.CanvasObject) fyne.CanvasObject { return kit.Row(10, objects...) }
	push := func(text, icon string, kind kit.Kind) *kit.Push { return kit.NewPush(text, icon, kind, nil, nil) }
	off := func(p *kit.Push) *kit.Push { p.Disable(); return p }

	focused := push("Au clavier", "", kit.Primary)
	hovered, under := push("Survolé", "copy", kit.Primary), push("Survolé", "pencil", kit.Quiet).Small().WithTip("Modifier  F2")
	on := push("Allumé", "eye", kit.Quiet).Small()
	on.SetOn(true)
	star := push("", "star", kit.Quiet).Small()
	star.Tint(kit.Star, kit.StarFill)
	split, splitOff := kit.NewSplit("Avec menu", "copy", nil, nil, nil), kit.NewSplit("Inactif", "copy", nil, nil, nil)
	splitOff.Disable()
	toast := container.NewStack(kit.NewBox(kit.Toast, kit.None, 10), kit.Pad(5, 8, 5, 14, row(kit.NewText("Port supprimé", kit.BodyMedium, kit.OnToast), push("Annuler", "", kit.InToast).Small())))
	buttons := kit.Column(8, head("Boutons"),
		row(push("Principal", "copy", kit.Primary), push("Second", "", kit.Second), push("Discret", "refresh-cw", kit.Quiet).Small(), push("Danger", "trash-2", kit.Destructive)),
		row(split, focused, off(push("Inactif", "", kit.Primary)), splitOff),
		row(push("Petit", "", kit.Second).Small(), push("Petit", "pencil", kit.Quiet).Small(), push("", "ellipsis", kit.Quiet).Small(), push("", "plus", kit.Second).Tall(), star, on, push("Trier", "", kit.Second).Small().Trail("chevron-down")),
		row(hovered, under, toast))

	tick := func(text string, checked, disabled bool) *kit.Tick {
		tick := kit.NewTick(text, nil, nil)
		tick.SetChecked(checked)
		if disabled {
			tick.Disable()
		}
		return tick
	}
	toggle := func(checked, disabled bool) *kit.Switch {
		toggle := kit.NewSwitch(nil, nil)
		toggle.SetChecked(checked)
		if disabled {
			toggle.Disable()
		}
		return toggle
	}
	radios, radiosOff := kit.NewRadios(nil, nil, "Liste collée", "Fichier CSV"), kit.NewRadios(nil, nil, "Inactif", "Autre")
	radiosOff.Disable()
	marks := kit.Column(8, head("Cases, interrupteurs, boutons radio"),
		row(tick("Garder le mot de passe", true, false), tick("Cocher", false, false), tick("", true, true), tick("", false, true)),
		row(toggle(true, false), toggle(false, false), toggle(true, true), toggle(false, true), kit.Space(10, 1), radios, radiosOff))

	filter := kit.NewSegments(nil, nil, "Tous", "À traiter", "Test")
	filter.SetCount(0, "30", kit.None)
	filter.SetCount(1, "2", kit.Danger)
	filter.SetCount(2, "4", kit.None)
	narrow := kit.NewSegments(nil, nil, "Tous", "À traiter", "Test")
	narrow.SetCount(0, "30", kit.None)
	narrow.SetCount(1, "2", kit.Danger)
	narrow.SetCount(2, "4", kit.None)
	fixed := kit.NewSegments(nil, nil, "Fixé", "Autre")
	fixed.Disable()
	environment := kit.NewSegments(nil, nil, "Production", "Test")
	segments := kit.Column(10, head("Choix"), row(kit.Fixed(276, 0, filter), fixed), row(kit.Fixed(192, 0, narrow), kit.Fixed(220, 0, environment)))

	small := kit.Column(8, head("Petites pièces"),
		row(kit.NewTag("TEST", kit.Test, kit.TestSoft), kit.NewTag("6 PRÊTS", kit.OK, kit.OKSoft), kit.NewTag("2 À CORRIGER", kit.Danger, kit.DangerSoft), kit.NewKeyCap("Ctrl K"), kit.NewCodeBadge("SET")))
	meter := kit.NewMeter(kit.Fill)
	meter.SetFraction(0.6)
	empty := kit.NewMeter(kit.Fill)

	masked, shown, refused := kit.NewTokenView(28), kit.NewTokenView(28), kit.NewTokenView(18)
	masked.Mask(38)
	shown.Reveal("IXLGRYJKNESXQNWWLRUSPN2DZDNWRFDTSK05WM")
	refused.SetInk(kit.Ink3, kit.Ink3)
	refused.Mask(38)
	card := func(o fyne.CanvasObject) fyne.CanvasObject {
		return kit.InCard(kit.Card, kit.Line, 12, kit.Pad(14, 20, 14, 20, o))
	}
	band := func(look kit.BandLook, icon, title, body string, actions ...fyne.CanvasObject) fyne.CanvasObject {
		b := kit.NewBand()
		b.Set(look, icon, title, body, actions...)
		return b
	}
	bands := kit.Column(10,
		kit.Equal(10, band(kit.Refusal, "circle-x", "Refus", "Ce qui est arrivé, puis quoi faire."), band(kit.Warning, "triangle-alert", "Attention", "Rien n’est perdu."), band(kit.Success, "circle-check", "Bonne nouvelle", "Sans bouton, elle s’en va seule."), band(kit.Notice, "info", "À savoir", "")),
		band(kit.Refusal, "circle-x", "Log@pass n’accepte plus ce jeton", "L’ERP qui l’utilise ne peut plus se connecter. Si un collègue en a déjà demandé un autre, collez plutôt le sien. Sinon demandez un nouveau jeton.", push("Demander un nouveau jeton", "key-round", kit.Primary), push("Coller un jeton", "clipboard-paste", kit.Second)))
	left := kit.Column(18, buttons, marks, segments)
	right := kit.Column(12, card(masked), card(shown), card(refused), small, meter, empty)
	var clock timers
	w.SetContent(container.NewStack(kit.NewBox(kit.Page, kit.None, 0),
		kit.Pad(20, 24, 20, 24, kit.Column(18, kit.Equal(32, left, right), bands)), kit.NewTips(clock.after)))
	w.Canvas().Focus(focused)
	hovered.MouseIn(nil)
	under.MouseIn(nil)
	clock.pass(time.Second)
}
