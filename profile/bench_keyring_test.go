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

	gokeyring "github.com/zalando/go-keyring"

	"amarre/authclient"
	"amarre/profile"
)

// TestStoreOverhead prints what saving, opening and deleting a profile costs beside the
// bare calls of go-keyring, in the same run, with 1, 100 and 1,000 profiles in a
// real keyring. It takes minutes, and runs where AMARRE_COST says how many
// profiles there are to be at most:
//
//	AMARRE_COST=1000 .ci/with-keyring go test -tags keyring -timeout 30m -v -run Cost ./profile
func TestStoreOverhead(t *testing.T) {
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
	// Both are called by turns, because each item makes the next call slower. bare
	// makes the call with the reads that go with it, which cost more right after a
	// call than alone, and returns what the call alone took.
	medians := func(bare func(round int) time.Duration, ours func(round int)) (call, with, whole time.Duration) {
		var took [3][]time.Duration
		for round := range rounds {
			begin := time.Now()
			alone := bare(round)
			took[0], took[1] = append(took[0], alone), append(took[1], time.Since(begin))
			begin = time.Now()
			ours(round)
			took[2] = append(took[2], time.Since(begin))
		}
		for _, each := range took {
			slices.Sort(each)
		}
		return took[0][rounds/2], took[1][rounds/2], took[2][rounds/2]
	}
	since := func(do func()) time.Duration {
		begin := time.Now()
		do()
		return time.Since(begin)
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
		set, setGet, save := medians(
			func(round int) time.Duration {
				alone := since(func() { check(gokeyring.Set("bare", name(round), text)) })
				_, err := gokeyring.Get("bare", name(round))
				check(err)
				return alone
			},
			func(round int) {
				var err error
				extra[round], err = store.Save(t.Context(), profile.Profile{Name: "Port", Service: "https://extra.example", PortCode: "XXX", ERPID: int64(round + 1)},
					profile.Secrets{Token: authclient.NewSecret(text[:300])})
				check(err)
			})
		get, _, open := medians(
			func(round int) time.Duration {
				return since(func() { _, err := gokeyring.Get("bare", name(round)); check(err) })
			},
			func(round int) { _, err := store.Load(t.Context(), extra[round]); check(err) })
		erase, getEraseGet, remove := medians(
			func(round int) time.Duration {
				_, err := gokeyring.Get("bare", name(round))
				check(err)
				alone := since(func() { check(gokeyring.Delete("bare", name(round))) })
				_, _ = gokeyring.Get("bare", name(round)) // not found
				return alone
			},
			func(round int) { _, err := store.Delete(t.Context(), extra[round].ID); check(err) })
		over := func(whole, bare, call time.Duration) float64 { return 100 * float64(whole-bare) / float64(call) }
		t.Logf("%5d profiles | save %v, bare Set %v, with the read-back %v: %+.0f %% of the call | open %v, bare Get %v: %+.0f %% | delete %v, bare Delete %v, with two reads %v: %+.0f %% of the call",
			n, save, set, setGet, over(save, setGet, set), open, get, over(open, get, get), remove, erase, getEraseGet, over(remove, getEraseGet, erase))
	}
	list, err := store.List()
	check(err)
	for _, p := range list {
		check(gokeyring.Delete("io.github.amarre", p.ID))
	}
}
