// Manual writes what the packages hold about the command line: a page of the manual for
// each command, in English, into the folder man, and what lets shells complete commands
// into the folder completions.
//
//	go run ./assets/packaging/internal/manual TO-FOLDER
//
// The pages have the date of SOURCE_DATE_EPOCH, or else today's.
package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra/doc"

	"amarre/cli"
	"amarre/internal/i18n"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: manual TO-FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

func run(to string) error {
	root, err := cli.Command(i18n.English)
	if err != nil {
		return err
	}
	date := time.Now()
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
		}
		date = time.Unix(seconds, 0)
	}
	date = date.UTC() // the page has the month
	man, completions := filepath.Join(to, "man"), filepath.Join(to, "completions")
	if err := cmp.Or(os.MkdirAll(man, 0o755), os.MkdirAll(completions, 0o755)); err != nil {
		return err
	}
	return cmp.Or(
		doc.GenManTree(root, &doc.GenManHeader{Source: "Amarre", Manual: "Amarre", Date: &date}, man),
		root.GenBashCompletionFileV2(filepath.Join(completions, "amarre.bash"), true),
		root.GenZshCompletionFile(filepath.Join(completions, "_amarre")),
		root.GenFishCompletionFile(filepath.Join(completions, "amarre.fish"), true),
		root.GenPowerShellCompletionFileWithDesc(filepath.Join(completions, "amarre.ps1")),
	)
}
