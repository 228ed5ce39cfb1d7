package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/ui/kit"
)

// manySteps shows how far the page is.
type manySteps struct {
	row   *fyne.Container
	marks []*kit.Icon
	boxes []*kit.Box
	nums  []*kit.Text
	words []*kit.Text
}

func newManySteps(words ...string) *manySteps {
	s := &manySteps{row: kit.Row(8)}
	for i, word := range words {
		if i > 0 {
			s.row.Add(kit.Fixed(24, 1, kit.NewBox(kit.Line, kit.None, 0)))
		}
		box, num, mark, text := kit.NewBox(kit.Hover, kit.None, 10), kit.NewText(strconv.Itoa(i+1), kit.CaptionMedium, kit.Ink3), kit.NewIcon("check", kit.OK, 12), kit.NewText(word, kit.Small, kit.Ink3)
		s.boxes, s.nums, s.marks, s.words = append(s.boxes, box), append(s.nums, num), append(s.marks, mark), append(s.words, text)
		s.row.Add(kit.Fixed(20, 20, container.NewStack(box, kit.Center(num), kit.Center(mark))))
		s.row.Add(text)
	}
	s.row.Add(kit.Spring())
	return s
}

// show marks the steps before the present one as done, and at the end all.
func (s *manySteps) show(step int, ended bool) {
	for i := range s.words {
		done, here := i < step || ended, i == step && !ended
		kit.SetVisible(s.marks[i], done)
		kit.SetVisible(s.nums[i], !done)
		switch {
		case done:
			s.boxes[i].SetFill(kit.OKSoft)
		case here:
			s.boxes[i].SetFill(kit.Fill)
		default:
			s.boxes[i].SetFill(kit.Hover)
		}
		num, ink, role := kit.Ink3, kit.Ink3, kit.Small
		if here {
			num, ink, role = kit.OnFill, kit.Ink, kit.SmallBold
		}
		s.nums[i].Color, s.words[i].Color, s.words[i].Role = num, ink, role
		s.nums[i].Refresh()
		s.words[i].Refresh()
	}
	kit.Relayout(s.row)
}
