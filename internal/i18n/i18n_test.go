package i18n_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"amarre/assets"
	"amarre/internal/i18n"
)

// catalogue returns the texts of a language by key; a plural's forms are joined.
func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	content, err := fs.ReadFile(assets.Translations, "translations/"+lang+".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(content, &raw); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for key, value := range raw {
		switch v := value.(type) {
		case string:
			texts[key] = v
		case map[string]any:
			if v["one"] == nil || v["other"] == nil || len(v) != 2 {
				t.Errorf("%s: %s has the forms %v, want one and other", lang, key, v)
			}
			texts[key] = fmt.Sprint(v["one"], "\n", v["other"])
		}
	}
	return texts
}

var placeholder = regexp.MustCompile(`{{[^}]*}}`)

// TestCataloguesAgree: the same keys, and in each the same placeholders.
func TestCataloguesAgree(t *testing.T) {
	french, english := catalogue(t, i18n.French), catalogue(t, i18n.English)
	for key := range english {
		if _, ok := french[key]; !ok {
			t.Errorf("%s is missing in French", key)
		}
	}
	for key, text := range french {
		other, ok := english[key]
		if !ok {
			t.Errorf("%s is missing in English", key)
			continue
		}
		a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s has %v in French and %v in English", key, a, b)
		}
		if strings.TrimSpace(text) == "" || strings.TrimSpace(other) == "" {
			t.Errorf("%s is empty", key)
		}
	}
}

// TestFrenchTypography: no-break spaces and curly apostrophes.
func TestFrenchTypography(t *testing.T) {
	wrong := map[string]*regexp.Regexp{
		"a straight apostrophe":                       regexp.MustCompile(`'`),
		"a straight double quote":                     regexp.MustCompile(`"`),
		"three dots for an ellipsis":                  regexp.MustCompile(`\.\.\.`),
		"no no-break space before a double sign":      regexp.MustCompile(`[^\x{a0}\x{202f}s][;!?»]|[^\x{a0}\x{202f}sp]:`),
		"no no-break space after an opening quote":    regexp.MustCompile(`«[^\x{a0}\x{202f}]`),
		"the familiar form":                           regexp.MustCompile(`(?i)(^|[\s’])(tu|ton|tes|toi)[\s.,]`),
		"a plain space between a number and its unit": regexp.MustCompile(`}} s\b`),
	}
	for key, text := range catalogue(t, i18n.French) {
		text = strings.NewReplacer("https://", "", "http://", "").Replace(text)
		for what, pattern := range wrong {
			if found := pattern.FindString(text); found != "" {
				t.Errorf("%s has %s: %q in %q", key, what, found, text)
			}
		}
	}
	for key, text := range catalogue(t, i18n.English) {
		if strings.ContainsAny(text, `'"`) {
			t.Errorf("%s has a straight quote in English: %q", key, text)
		}
	}
}

func TestTextsAndPlurals(t *testing.T) {
	french, err := i18n.New(i18n.French)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := french.T("delete.done", "Name", "Port <de> Sète"), "«\u00a0Port <de> Sète\u00a0» est supprimé."; got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
	for count, want := range map[int]string{0: "(0\u00a0port)", 1: "(1\u00a0port)", 2: "(2\u00a0ports)"} {
		if got := french.N("rebuilt.broken", count); !strings.Contains(got, want) {
			t.Errorf("%d is %q, want %q in it", count, got, want)
		}
	}
	if other, err := i18n.New("de"); err != nil || other.Language != i18n.English {
		t.Errorf("an unknown language is %v, %v", other, err)
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct{ flag, setting, system, want string }{
		{"", "", "", "en"}, {"", "", "fr-FR", "fr"}, {"", "", "fr_CA.UTF-8", "fr"}, {"", "en", "fr-FR", "en"},
		{"fr", "en", "en-GB", "fr"}, {"", "", "de-DE", "en"}, {"de", "", "fr-FR", "fr"}, {"FR", "", "", "fr"},
	} {
		if got := i18n.Choose(c.flag, c.setting, c.system); got != c.want {
			t.Errorf("Choose(%q, %q, %q) is %s, want %s", c.flag, c.setting, c.system, got, c.want)
		}
	}
}

// TestNoTextBypassesTheCatalogue reads the source of everything that talks to a
// user. A string literal with a letter is a key of the catalogue, the beginning
// of one, or one of the words below, which no user reads.
func TestNoTextBypassesTheCatalogue(t *testing.T) {
	known := catalogue(t, i18n.French)
	noText := map[string]bool{
		"Amarre": true, "https://": true, "15:04": true, "M": true, "Select all": true, "language.": true, "outcome.": true, "rule.": true, "SOCKS 5": true, "HTTP %d": true,
		// The command line.
		"amarre": true, "login": true, "account": true, "diagnose": true, "list": true, "token": true, "check": true, "delete": true, "export": true, "import": true, "version": true, "completion": true,
		"| --all": true, "export --output": true, "help [": true, "--lang=": true, "--lang": true, "--timeout": true, "--": true, "--json": true, "usage": true, "h": true, "v": true, "no-descriptions": true,
		"/dev/tty": true, "windows": true, "CONIN$": true, "keyring": true, "not-allowed": true, "not-checked": true,
		// Parts of keys, keys that are built, file names.
		"keyring.": true, "keyring.advice.": true, "trial.step.": true, "checked.": true, "cli.check.": true, "cli.example.": true, "import.": true, "import.conflict.": true, "wait.": true, "format.": true, "erp.": true, "import.count_": true,
		"unknown": true, "previous.": true, "theme.": true, "automatic": true, "report.operation.": true, "report.outcome.": true, "report.state.": true, "y": true, "o": true, "Documents": true, "Downloads": true, "Téléchargements": true, "Desktop": true, "Bureau": true, "amarre-": true,
		"Alizée": true, "Port Logic": true,
		"bulk.list.": true, "bulk.column.": true, "ignored": true, "bulk.row.": true, "bulk.state.": true, "bulk.why.": true, "_status": true, "bulk.stop.": true, "many.since.": true,
		"spell.": true, "store.": true, "verdict.": true, "none": true, "darwin": true, "icon.png": true, "save the profile": true, "diagnose.step.": true, "Amarre/": true,
	}
	// Names of flags, of widgets in tests and of placeholders: one word, or two with a dot.
	name := regexp.MustCompile(`^(demo|form|result|list|status|ask)\.[a-z0-9_]+$|^\*?\.[a-z0-9]+$|^[A-Z][A-Za-z]*$|^(demo|service|lang|version|help|port|erp|json|timeout|ca|proxy|verbose|output|force|yes|all|save|note|environment|keep-password|erp-name|dry-run|skip|replace|report|pause|jobs|duration|true|bool|(password|passphrase|token)-stdin)$`)
	icons, err := filepath.Glob("../../assets/icons/*.svg")
	if err != nil || len(icons) == 0 {
		t.Fatalf("no icons: %v", err)
	}
	for _, icon := range icons {
		noText[strings.TrimSuffix(filepath.Base(icon), ".svg")] = true
	}
	drawing := map[string]bool{"kit/font.go": true, "kit/icon.go": true, "kit/palette.go": true} // names of files and colours
	verb := regexp.MustCompile(`%[-*0-9.]*[a-z]`)                                                // of fmt
	used := map[string]bool{}
	var prefixes []string
	for _, dir := range []string{"../../ui", "../../ui/kit", "../../ui/presenter", "../../cli", "../message", "../../bulk"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no source in %s: %v", dir, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_e2e.go") || drawing[filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file)] {
				continue
			}
			source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(source, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ImportSpec:
					return false
				case *ast.CallExpr:
					if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "New" {
						if x, ok := f.X.(*ast.Ident); ok && x.Name == "errors" {
							return false // for developers
						}
					}
				case *ast.BasicLit:
					text, err := strconv.Unquote(n.Value)
					if n.Kind != token.STRING || err != nil || strings.HasPrefix(text, "json:") || !strings.ContainsFunc(verb.ReplaceAllString(text, ""), unicode.IsLetter) {
						return true
					}
					if _, ok := known[text]; ok {
						used[text] = true
						return true
					}
					if strings.HasSuffix(text, ".") {
						prefixes = append(prefixes, text)
					}
					if dir != "../../bulk" && !noText[strings.TrimSpace(text)] && !name.MatchString(text) { // bulk shows no other text
						t.Errorf("%s: %q is not in the catalogue", file, text)
					}
				}
				return true
			})
		}
	}
	for key := range known {
		built := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
		if !used[key] && !built {
			t.Errorf("%s is in the catalogue and used nowhere", key)
		}
	}
}
