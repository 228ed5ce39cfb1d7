// Licences prints the licence of everything that is linked into the program, for
// the system that GOOS names: Go itself and each module that gives a package to
// the build. It fails if a module has none, so that no package is made without.
//
//	go run ./assets/packaging/internal/licences -tags TAGS [TITLE=FILE…] >THIRD-PARTY-LICENCES.txt
//
// TITLE=FILE adds what Go does not know of, such as a C runtime.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// module is one that the program is linked from.
type module struct {
	Path, Version, Dir string
	Main               bool
	packages           []string // the folders of its packages that are linked
}

func main() {
	tags := flag.String("tags", "", "build tags")
	flag.Parse()
	if err := run(os.Stdout, *tags, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, tags string, others []string) error {
	modules, err := linked(tags)
	if err != nil {
		return err
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fmt.Fprint(&out, "Amarre is made with the works below, each under the licence that follows its name.\n")
	if err := write(&out, "Go and its library", filepath.Join(strings.TrimSpace(string(goroot)), "LICENSE")); err != nil {
		return err
	}
	for _, other := range others {
		title, file, ok := strings.Cut(other, "=")
		if !ok {
			return fmt.Errorf("%q is not TITLE=FILE", other)
		}
		if err := write(&out, title, file); err != nil {
			return err
		}
	}
	for _, m := range modules {
		files, err := texts(m)
		if err != nil {
			return err
		}
		if err := write(&out, m.Path+" "+m.Version, files...); err != nil {
			return err
		}
	}
	_, err = out.WriteTo(w)
	return err
}

// linked returns the modules that the program is built from, but its own, sorted.
func linked(tags string) ([]*module, error) {
	cmd := exec.Command("go", "list", "-deps", "-tags", tags, "-json=Dir,Module", ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	cmd.Stderr = os.Stderr
	list, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	byPath := map[string]*module{}
	for decoder := json.NewDecoder(bytes.NewReader(list)); ; {
		var p struct {
			Dir    string
			Module *module
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Module == nil || p.Module.Main {
			continue
		}
		m := byPath[p.Module.Path]
		if m == nil {
			m = p.Module
			byPath[m.Path] = m
		}
		m.packages = append(m.packages, p.Dir)
	}
	var modules []*module
	for _, m := range byPath {
		modules = append(modules, m)
	}
	slices.SortFunc(modules, func(a, b *module) int { return strings.Compare(a.Path, b.Path) })
	return modules, nil
}

var isText = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-_. ].*)?$`)

// texts returns the files of m that say under which licence the linked packages
// are: in the folders that lead to them, and one below, where fonts and C code
// have theirs.
func texts(m *module) ([]string, error) {
	var files []string
	err := filepath.WalkDir(m.Dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "testdata":
			return filepath.SkipDir
		case entry.Type().IsRegular() && isText.MatchString(entry.Name()) && !strings.HasSuffix(path, ".go") && m.governs(filepath.Dir(path)):
			files = append(files, path)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s %s has no licence", m.Path, m.Version)
	}
	return files, err
}

// governs reports whether a licence in dir is about a linked package.
func (m *module) governs(dir string) bool {
	for _, p := range m.packages {
		if dir == m.Dir || p == dir || strings.HasPrefix(p, dir+string(filepath.Separator)) || filepath.Dir(dir) == p {
			return true
		}
	}
	return false
}

// write writes the texts of one work below its name.
func write(w io.Writer, title string, files ...string) error {
	line := strings.Repeat("=", 78)
	fmt.Fprintf(w, "\n%s\n%s\n%s\n", line, title, line)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(text)) == 0 {
			return fmt.Errorf("%s is empty", file)
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		fmt.Fprintf(w, "\n%s\n", bytes.Trim(text, "\n"))
	}
	return nil
}
