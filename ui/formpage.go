package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"amarre/assets"
	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// formPage is the form: a new port, with the look of a first start while there is none; the
// changes of a saved port; or a new token for one.
type formPage struct {
	w *Window

	service  *kit.SelectEntry
	port     *kit.Entry
	erpID    *kit.Entry
	password *kit.SecretEntry
	name     *kit.Entry
	erp      *kit.SelectEntry
	note     *kit.Entry
	inputs   [presenter.Note + 1]fyne.Focusable
	fields   [presenter.Note + 1]*kit.LabelledField

	environment      *kit.Segments
	environmentField *kit.LabelledField
	keep             *kit.Tick
	details          *kit.Push
	submit, cancel   *kit.Push
	stop             *kit.Push // while a login runs
	progress         *kit.Prose
	remove           *kit.Push
	message          *kit.Band
	keyringBand      *kit.Band

	title   *kit.Text
	form    *fyne.Container // the fields
	codes   *fyne.Container // the fields that share a line
	below   *fyne.Container // the codes, and what is said about them
	kept    *fyne.Container // the choice to keep the password
	foot    []fyne.CanvasObject
	plain   fyne.CanvasObject
	welcome *welcome
	body    *fyne.Container
	filling bool // the program changes the inputs
	now     arrangement
	drawn   bool
}

// arrangement is what the places of the fields depend on.
type arrangement struct {
	mode    presenter.Mode
	welcome bool // the page of a first start
	details bool
	low     bool
	narrow  bool
}

var environments = []profile.Environment{profile.Production, profile.Test}

func newFormPage(w *Window) *formPage {
	t := w.t
	f := &formPage{w: w}
	f.service, f.port, f.erpID = kit.NewSelectEntry(w.keys), kit.NewEntry(w.keys), kit.NewEntry(w.keys)
	f.password = w.secretEntry(kit.NewSecretEntry(w.keys), func(why string) { f.fields[presenter.Password].Fail(why) })
	f.name, f.erp, f.note = kit.NewEntry(w.keys), kit.NewSelectEntry(w.keys), kit.NewEntry(w.keys)
	f.service.SetPlaceHolder("https://")
	f.port.SetPlaceHolder(t.T("form.port_hint"))
	f.erpID.SetPlaceHolder(t.T("form.erp_hint"))
	f.note.SetPlaceHolder(t.T("result.note_hint"))
	texts := map[presenter.Field]*kit.Entry{presenter.Service: &f.service.Entry, presenter.PortCode: f.port, presenter.ERPID: f.erpID,
		presenter.Name: f.name, presenter.ERP: &f.erp.Entry, presenter.Note: f.note}
	for field, entry := range texts {
		entry.OnChanged = func(text string) {
			if !f.filling {
				w.p.Type(field, text)
			}
		}
		entry.OnSubmitted = func(string) { w.p.Submit() }
	}
	f.password.OnChanged = func(string) {
		if !f.filling {
			w.p.TypePassword(f.password.Secret())
		}
	}
	f.password.OnSubmitted = func(string) { w.p.Submit() }
	f.password.CapsLock = func(on bool) {
		if on {
			w.p.WarnAt(presenter.Password, t.T("form.caps_lock"))
		}
	}
	f.inputs = [...]fyne.Focusable{f.service, f.port, f.erpID, f.password, f.name, f.erp, f.note}
	for field, label := range map[presenter.Field]string{presenter.Service: "form.service", presenter.PortCode: "form.port_code", presenter.ERPID: "form.erp_id",
		presenter.Password: "form.password", presenter.Name: "reading.name", presenter.ERP: "result.erp", presenter.Note: "result.note"} {
		f.fields[field] = kit.NewLabelledField(t.T(label), f.inputs[field].(fyne.CanvasObject))
	}
	f.environment = kit.NewSegments(w.keys, func(i int) {
		if !f.filling {
			w.p.SetEnvironment(environments[i])
		}
	}, t.T("environment.production"), t.T("environment.test"))
	f.environment.OnSubmitted = w.p.Submit
	f.environmentField = kit.NewLabelledField(t.T("form.environment"), kit.Row(0, kit.Fixed(220, 0, f.environment), kit.Spring()))
	f.keep = kit.NewTick(w.keepText(), w.keys, func(on bool) {
		if !f.filling {
			w.p.SetKeep(on)
		}
	})
	f.keep.OnSubmitted = w.p.Submit
	f.details = kit.NewPush(t.T("form.details"), "chevron-right", kit.Quiet, w.keys, func() { w.p.ShowDetails(!w.p.Form().Details) }).Small()
	f.submit = kit.NewPush("", "", kit.Primary, w.keys, w.p.Submit)
	f.cancel = kit.NewPush(t.T("form.cancel"), "", kit.Second, w.keys, w.p.CancelForm)
	f.stop = kit.NewPush(t.T("form.cancel"), "", kit.Second, w.keys, w.p.Cancel)
	f.progress = kit.NewProse("", kit.Small, kit.Ink2)
	f.remove = kit.NewPush("", "trash-2", kit.Quiet, w.keys, func() { w.p.Delete([]profile.Profile{w.p.Form().Profile}) }).Small()
	f.message, f.keyringBand = kit.NewBand(), kit.NewBand()
	f.title = kit.NewElided("", kit.Title, kit.Ink)
	f.form, f.codes = kit.Column(16), kit.TopRow(12)
	f.below = kit.Column(5, f.codes, f.fields[presenter.PortCode].Apart(), f.fields[presenter.ERPID].Apart())
	f.kept = kit.Row(0, f.keep, kit.Spring())
	f.foot = []fyne.CanvasObject{f.submit, f.stop, f.cancel, kit.Grow(kit.Column(0, f.progress)), kit.Pad(0, -8, 0, 0, f.remove)}
	f.welcome = newWelcome(w)
	f.body = container.NewStack()
	return f
}

func (f *formPage) content() fyne.CanvasObject { return f.body }

func (f *formPage) primary() fyne.Focusable {
	if f.stop.Visible() {
		return f.stop
	}
	return f.submit
}

// input returns the entry of a field.
func (f *formPage) input(field presenter.Field) fyne.Focusable { return f.inputs[field] }

// arrange puts the fields in the order of a mode.
func (f *formPage) arrange(form presenter.Form) {
	rows := []fyne.CanvasObject{}
	add := func(objects ...fyne.CanvasObject) { rows = append(rows, objects...) }
	codes := []fyne.CanvasObject{kit.Fixed(150, 0, f.fields[presenter.PortCode]), kit.Grow(f.fields[presenter.ERPID])}
	switch form.Mode {
	case presenter.EditPort:
		add(f.fields[presenter.Name])
		codes = []fyne.CanvasObject{kit.Fixed(120, 0, f.fields[presenter.PortCode]), kit.Fixed(120, 0, f.fields[presenter.ERPID]), kit.Grow(f.fields[presenter.ERP])}
	case presenter.NewPort, presenter.Renew:
		add(f.fields[presenter.Service])
	}
	f.codes.Objects = codes
	add(f.below)
	switch form.Mode {
	case presenter.EditPort:
		add(f.fields[presenter.Service], f.environmentField, f.fields[presenter.Note], f.fields[presenter.Password], f.kept)
	case presenter.Renew:
		add(f.fields[presenter.Password], f.kept)
	default:
		add(f.fields[presenter.Password])
		if !f.now.welcome {
			add(f.kept, kit.Pad(0, 0, 0, -8, kit.Row(0, f.details, kit.Spring())))
			if form.Details {
				add(f.environmentField, f.fields[presenter.ERP], f.fields[presenter.Note])
			}
		}
	}
	f.form.Objects = rows
	if f.now.welcome {
		f.body.Objects = []fyne.CanvasObject{f.welcome.content(f)}
		return
	}
	if f.plain == nil {
		f.plain = f.w.frame.sheet(kit.Column(16, f.title, f.keyringBand, f.message, f.form), f.foot...)
	}
	f.body.Objects = []fyne.CanvasObject{f.plain}
}

// fill shows the inputs of the presenter.
func (f *formPage) fill() {
	form := f.w.p.Form()
	f.filling = true
	defer func() { f.filling = false }()
	for field, entry := range map[presenter.Field]*kit.Entry{presenter.Service: &f.service.Entry, presenter.PortCode: f.port, presenter.ERPID: f.erpID,
		presenter.Name: f.name, presenter.ERP: &f.erp.Entry, presenter.Note: f.note} {
		if entry.Text != form.Texts[field] {
			entry.SetText(form.Texts[field])
		}
	}
	if !f.password.Secret().Equal(form.Password) {
		f.password.SetSecret(form.Password)
	}
	f.environment.Select(index(environments, form.Environment))
	f.keep.SetChecked(form.Keep)
}

func index[T comparable](all []T, one T) int {
	for i, each := range all {
		if each == one {
			return i
		}
	}
	return 0
}

// update draws the form.
func (f *formPage) update() {
	w, t := f.w, f.w.t
	form := w.p.Form()
	warm := w.p.Welcoming()
	if now := (arrangement{form.Mode, warm, form.Details, w.frame.low(), w.frame.size.Width < 700}); !f.drawn || f.now != now {
		f.drawn, f.now = true, now
		f.arrange(form)
		canvas.Refresh(f.body)
	}
	icon := "chevron-right"
	if form.Details {
		icon = "chevron-down"
	}
	f.details.SetIcon(icon)
	f.title.SetText(map[presenter.Mode]string{presenter.NewPort: t.T("form.title_new"), presenter.EditPort: t.T("form.title_edit", "Name", shorten(form.Profile.Name)),
		presenter.Renew: t.T("form.title_renew", "Name", shorten(form.Profile.Name))}[form.Mode])
	if form.Mode == presenter.EditPort {
		f.submit.SetText(t.T("form.save"))
		f.submit.SetIcon("")
	} else {
		f.submit.SetText(t.T("form.submit"))
		f.submit.SetIcon("key-round")
	}
	f.service.SetOptions(w.p.Services())
	f.erp.SetOptions(w.p.ERPs())
	for field, input := range f.inputs {
		kit.SetEnabled(input.(fyne.Disableable), !w.p.Fixed(presenter.Field(field)))
	}
	kit.SetEnabled(f.keep, w.p.CanKeepPassword())
	kit.SetVisible(f.kept, !w.noKeyring())
	f.showProblems(form)
	f.password.SetPlaceHolder(f.passwordHint(form))
	f.showTask()
	remove := t.T("form.remove")
	if w.frame.narrow() {
		remove = ""
	}
	f.remove.SetText(remove)
	kit.SetVisible(f.remove, form.Mode == presenter.EditPort)
	w.showMessage(f.message)
	f.showKeyring()
	kit.Relayout(f.body)
}

func (f *formPage) passwordHint(form presenter.Form) string {
	if form.Mode == presenter.EditPort && form.Profile.HasPassword {
		return f.w.t.T("form.password_kept")
	}
	return f.w.t.T("form.password_hint")
}

// showProblems shows what is wrong below the fields.
func (f *formPage) showProblems(form presenter.Form) {
	for field, shown := range f.fields {
		problem := form.Problems[presenter.Field(field)]
		if shown.Failed() && !problem.Error {
			shown.Clear()
		}
		switch {
		case problem.Text == "" && presenter.Field(field) == presenter.Service && form.Mode == presenter.NewPort:
			shown.Hint(form.Target)
		case problem.Text == "":
			shown.Clear()
		case problem.Error:
			shown.Fail(problem.Text)
		default:
			shown.Warn(problem.Text)
		}
	}
	kit.Relayout(f.body)
}

// showTask shows the progress of a login, with a button to cancel it.
func (f *formPage) showTask() {
	task := f.w.p.Task()
	running := task != nil && task.Form
	text := ""
	if running {
		text = task.Text
	}
	f.progress.ShowText(text)
	kit.SetVisible(f.welcome.enter, !running)
	canvas := f.w.win.Canvas()
	kit.SetVisible(f.stop, running)
	if running && canvas.Focused() == f.submit {
		canvas.Focus(f.stop) // a disabled button receives no keys
	}
	kit.SetVisible(f.cancel, !running && (f.now.mode != presenter.NewPort || !f.now.welcome))
	kit.SetEnabled(f.submit, !running)
}

// showKeyring says in the form of a new port that nothing can be kept.
func (f *formPage) showKeyring() {
	w, t := f.w, f.w.t
	if !w.noKeyring() || w.p.Form().Mode != presenter.NewPort {
		f.keyringBand.Hide()
		return
	}
	f.keyringBand.Set(kit.Warning, "triangle-alert", t.T("nokeyring.title"), t.T("nokeyring.text"),
		kit.NewPush(t.T("status.advice"), "", kit.Second, w.keys, w.aboutKeyring).Small())
}

// togglePassword shows or hides the password in the form.
func (w *Window) togglePassword() {
	switch {
	case w.dialog != nil || w.p.Page() != presenter.Editing:
	case w.form.password.Revealed():
		w.form.password.Conceal()
	case w.form.password.Text != "":
		w.form.password.Reveal()
	}
}

// pasteRefused says why nothing was pasted into the entry of a secret.
func (w *Window) pasteRefused(why error) string {
	if errors.Is(why, kit.ErrLines) {
		return w.t.T("form.paste_lines")
	}
	return w.t.T("form.paste_unseen")
}

// welcome is the look of the form at a first start: a panel in the middle of the window.
type welcome struct {
	w                *Window
	imports, example *kit.Push
	enter            *kit.Text // Enter does it too
}

func newWelcome(w *Window) *welcome {
	t := w.t
	c := &welcome{w: w, enter: kit.NewText(t.T("welcome.enter"), kit.Small, kit.Ink3)}
	c.imports = kit.NewPush(t.T("welcome.import"), "upload", kit.Quiet, w.keys, func() { w.imports.importFile("") }).Small()
	c.example = kit.NewPush(t.T("welcome.example"), "sailboat", kit.Quiet, w.keys, w.aboutDemo).Small()
	return c
}

// content returns the panel with the fields of the form.
func (c *welcome) content(f *formPage) fyne.CanvasObject {
	t := c.w.t
	act := kit.Column(8, kit.Row(12, f.submit, f.stop, kit.Grow(c.enter)), f.progress)
	fields := kit.Column(14, f.keyringBand, f.message, f.form)
	panel := func(y, x float32, gap float32) fyne.CanvasObject {
		return container.NewStack(kit.NewRaised(16), kit.Pad(y, x, y, x, kit.Column(gap, fields, act)))
	}
	more := []fyne.CanvasObject{c.imports}
	if c.w.deps.Demo == nil {
		more = append(more, c.example)
	}
	var body fyne.CanvasObject
	if !c.w.frame.low() {
		body = kit.Column(0,
			kit.Center(c.anchor(64)), kit.Space(0, 14), kit.NewCentered(t.T("welcome.title"), kit.Title, kit.Ink), kit.Space(0, 2),
			kit.Center(kit.Fixed(560, 0, kit.NewCentered(t.T("welcome.text"), kit.Body, kit.Ink2))), kit.Space(0, 24),
			kit.Center(kit.Fixed(440, 0, panel(22, 24, 18))), kit.Space(0, 16), kit.Center(kit.Row(4, more...)))
	} else {
		width := float32(400)
		if c.w.frame.size.Width < 700 {
			width = 370
		}
		links := make([]fyne.CanvasObject, len(more))
		for i, each := range more {
			links[i] = kit.Row(0, each, kit.Spring())
		}
		words := kit.Column(0, kit.Row(0, c.anchor(44), kit.Spring()), kit.Space(0, 12), kit.Fixed(160, 0, kit.NewProse(t.T("welcome.title"), kit.EmptyTitle, kit.Ink)),
			kit.Space(0, 14), kit.Pad(0, 0, 0, -8, kit.Column(0, links...)))
		body = kit.Row(28, words, kit.Fixed(width, 0, panel(16, 20, 14)))
	}
	return container.NewStack(kit.NewBox(kit.Side, kit.None, 0), container.NewVScroll(kit.Pad(12, 12, 12, 12, kit.Center(body))))
}

// anchor returns the picture of the program.
func (c *welcome) anchor(size float32) fyne.CanvasObject {
	picture := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	picture.FillMode, picture.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
	return kit.Fixed(size, size, picture)
}
