// Package bulk is for many ports at once: it reads a list of ports as people have it, obtains
// a token for each row, checks the tokens of saved profiles, and reports the outcome. The
// window and the command line use it.
//
//	table, err := bulk.Read(content)                    // cells and the meaning of columns
//	rows := bulk.Review(table.Rows(), identity, saved)  // a verdict for each row
//	run := bulk.Obtain(deps, rows)                      // or bulk.Check(deps, profiles)
//	stop := run.Go(ctx)                                 // blocks; again to continue
//	report := bulk.NewReport(run.Lines(), …)            // has no field for a secret
//
// Nothing of a list is written to a disk but profiles, by [profile.Store]. A token is saved
// before the next row begins. A row that is saved is never sent again; one whose token could
// not be saved keeps it in memory, and the run continues with saving it.
//
// Calls are polite (docs/security.md 27): see [Pace] and [Stop].
package bulk
