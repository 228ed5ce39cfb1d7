package filedialog

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func TestFilters(t *testing.T) {
	certificates := Filter{"Certificats", []string{"*.pem", "*.P7B"}}
	all := Filter{"Tous", []string{"*"}}
	for _, c := range []struct {
		filters    []Filter
		pairs      string
		extensions []string
	}{
		{nil, "", nil},
		{[]Filter{certificates}, "Certificats\x00*.pem;*.P7B\x00\x00", []string{"pem", "P7B"}},
		{[]Filter{certificates, all}, "Certificats\x00*.pem;*.P7B\x00Tous\x00*\x00\x00", nil},
		{[]Filter{{"Noms", []string{"*.pe?"}}}, "Noms\x00*.pe?\x00\x00", nil},
	} {
		if got := pairs(c.filters); got != c.pairs {
			t.Errorf("%v is %q on Windows, want %q", c.filters, got, c.pairs)
		}
		if got := extensions(c.filters); !slices.Equal(got, c.extensions) {
			t.Errorf("%v is %q on macOS, want %q", c.filters, got, c.extensions)
		}
	}
	for pattern, want := range map[string]string{"*": "*", "*.pem": "*.[pP][eE][mM]", "x 1.é": "[xX] 1.[éÉ]"} {
		if got := anyCase(pattern); got != want {
			t.Errorf("%s in any case is %s, want %s", pattern, got, want)
		}
	}
}

func TestEndedContextShowsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ask := range map[string]func(context.Context, Options) (string, error){"Open": Open, "Save": Save} {
		if path, err := ask(ctx, Options{}); path != "" || !errors.Is(err, context.Canceled) {
			t.Errorf("%s gave %q, %v", name, path, err)
		}
	}
}
