package bulk_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/profile"
)

// BenchmarkCheck checks 1,000 profiles, eight at a time, without a pause, with a service that
// takes 100 ms for an answer: 12.5 s of nothing but waiting. It reports the time as a multiple
// of that, and how far the memory has grown.
func BenchmarkCheck(b *testing.B) {
	const profiles, jobs, latency = 1000, 8, 100 * time.Millisecond
	s := &service{login: map[string]http.HandlerFunc{}, account: map[string]http.HandlerFunc{}}
	server := newServer(b, func(w http.ResponseWriter, r *http.Request) { time.Sleep(latency); s.ServeHTTP(w, r) })
	h := newHarnessFor(b, s)
	entries := make([]profile.Entry, profiles)
	for i := range entries {
		port := fmt.Sprintf("%03X", i)
		entries[i] = profile.Entry{
			Profile: profile.Profile{ID: fmt.Sprintf("p%d", i), Name: "Port " + port, Service: server, Environment: profile.Production, PortCode: port, ERPID: 15, Saved: time.Unix(1_700_000_000, 0), TokenSet: time.Unix(1_700_000_000, 0)},
			Secrets: profile.Secrets{Token: authclient.NewSecret(tokenOf(port))},
		}
	}
	steps, err := h.store.PlanImport(b.Context(), entries)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := h.store.ImportAll(b.Context(), steps); err != nil {
		b.Fatal(err)
	}
	all, err := h.store.List()
	if err != nil || len(all) != profiles {
		b.Fatalf("%d profiles, %v", len(all), err)
	}
	h.deps.Pace, h.deps.Jobs, h.deps.Now = bulk.NewPace(0), jobs, time.Now
	h.deps.Sleep = func(context.Context, time.Duration) {}
	most := uint64(0)
	h.deps.Changed = func(i int) {
		if i%100 == 0 {
			most = max(most, inUse())
		}
	}
	before := inUse()
	for b.Loop() {
		run := bulk.Check(h.deps, all)
		if stop := run.Go(b.Context()); stop.Reason != bulk.Done || run.Count(bulk.Works) != profiles {
			b.Fatalf("%+v, %d work", stop, run.Count(bulk.Works))
		}
	}
	waiting := latency.Seconds() * profiles / jobs
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/waiting, "×waiting")
	b.ReportMetric((float64(most)-float64(before))/(1<<20), "MiB-more")
}

// inUse returns the bytes of the heap that are in use.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
