//go:build keyring

package profile_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"amarre/authclient"
	"amarre/profile"
)

// TestCost prints what saving, opening and deleting a profile costs beside the
// bare calls of go-keyring, in the same run, with 1, 100 and 1,000 profiles in a
// real keyring. It takes minutes, and runs where AMARRE_COST says how many
// profiles there are to be at most:
//
//	AMARRE_COST=1000 .ci/with-keyring go test -tags keyring -timeout 30m -v -run Cost ./profile
func TestCost(t *testing.T) {
	most, err := strconv.Atoi(os.Getenv("AMARRE_COST"))
	if err != nil {
		t.Skip("AMARRE_COST is not set")
	}
	const rounds = 41
	store := openReal(t, t.TempDir())
	if _, err := store.Rebuild(t.Context()); err != nil { // there is nothing to search for
		t.Fatal(err)
	}
	all := many(most)
	text := strings.Repeat("x", 512)
	// Both are called by turns: each item makes the next call slower.
	medians := func(bare, ours func(round int)) (time.Duration, time.Duration) {
		var took [2][]time.Duration
		for round := range rounds {
			for i, do := range []func(int){bare, ours} {
				begin := time.Now()
				do(round)
				took[i] = append(took[i], time.Since(begin))
			}
		}
		slices.Sort(took[0])
		slices.Sort(took[1])
		return took[0][rounds/2], took[1][rounds/2]
	}
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	saved := 0
	for _, n := range []int{1, 100, 1000} {
		if n > most {
			break
		}
		for ; saved < n; saved++ {
			p := all[saved]
			p.ID = ""
			_, err := store.Save(t.Context(), p, profile.Secrets{Token: authclient.NewSecret(fmt.Sprint("TOKEN-", saved))})
			check(err)
		}
		name := func(round int) string { return fmt.Sprint("bare-", round) }
		extra := make([]profile.Profile, rounds)
		bareSet, save := medians(
			func(round int) { check(keyring.Set("bare", name(round), text)) },
			func(round int) {
				var err error
				extra[round], err = store.Save(t.Context(), profile.Profile{Name: "Port", Service: "https://extra.example", PortCode: "XXX", ERPID: int64(round + 1)},
					profile.Secrets{Token: authclient.NewSecret(text[:300])})
				check(err)
			})
		bareGet, open := medians(
			func(round int) { _, err := keyring.Get("bare", name(round)); check(err) },
			func(round int) { _, err := store.Load(t.Context(), extra[round]); check(err) })
		bareDelete, remove := medians(
			func(round int) { check(keyring.Delete("bare", name(round))) },
			func(round int) { _, err := store.Delete(t.Context(), extra[round].ID); check(err) })
		over := func(whole, bare time.Duration) float64 { return 100 * (float64(whole)/float64(bare) - 1) }
		t.Logf("%5d profiles | save %v, bare Set %v + read-back %v: %+.0f %% | open %v, bare Get %v: %+.0f %% | delete %v, bare Delete %v + two reads %v: %+.0f %%",
			n, save, bareSet, bareGet, over(save, bareSet+bareGet), open, bareGet, over(open, bareGet), remove, bareDelete, 2*bareGet, over(remove, bareDelete+2*bareGet))
	}
	list, err := store.List()
	check(err)
	for _, p := range list {
		check(keyring.Delete("io.github.amarre", p.ID))
	}
}
