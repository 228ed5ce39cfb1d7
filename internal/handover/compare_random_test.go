package handover_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"amarre/authclient"
	"amarre/internal/handover"
)

func compare(held, token string) (handover.Match, int) {
	return handover.NewConfiguration(authclient.NewSecret(held)).Compare(authclient.NewSecret(token))
}

func double(quote, text string) string {
	return quote + strings.ReplaceAll(text, quote, quote+quote) + quote
}

func jsonText(value any) string {
	text, _ := json.Marshal(value) // strings and maps never fail
	return string(text)
}

func xmlText(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes all
	return b.String()
}

func regText(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// regHex writes a value as REG_EXPAND_SZ, as RegEdit does.
func regHex(text string) string {
	var digits []string
	for _, unit := range append(utf16.Encode([]rune(text)), 0) {
		digits = append(digits, hex.EncodeToString([]byte{byte(unit)}), hex.EncodeToString([]byte{byte(unit >> 8)}))
		if len(digits)%25 == 24 {
			digits[len(digits)-1] += ",\\\r\n "
		}
	}
	return "hex(2):" + strings.ReplaceAll(strings.Join(digits, ","), " ,", " ")
}

// embeddings write a value as the formats of ERPs do.
var embeddings = map[string]func(value string) string{
	"alone":       func(v string) string { return v },
	"header":      func(v string) string { return "GET / HTTP/1.1\r\nAuthorization: " + v + "\r\n\r\n" },
	"JSON":        func(v string) string { return jsonText(map[string]any{"a": []string{"x"}, "token": v, "z": 1}) },
	"nested JSON": func(v string) string { return jsonText(map[string]string{"config": jsonText([]string{v})}) },
	"XML":         func(v string) string { return "<erp>\n <token>" + xmlText(v) + "</token>\n</erp>" },
	"attribute":   func(v string) string { return `<add key="Token" value="` + xmlText(v) + `" />` },
	".reg": func(v string) string {
		return "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\ERP]\r\n\"Token\"=" + regText(v) + "\r\n"
	},
	".reg in bytes": func(v string) string {
		return "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\ERP]\r\n\"Token\"=" + regHex(v) + "\r\n"
	},
	"CSV":         func(v string) string { return "port;jeton;note\r\nSET;" + double(`"`, v) + ";\"dit \"\"non\"\"\"\r\n" },
	"SQL":         func(v string) string { return "INSERT INTO c VALUES ('token', " + double("'", v) + ", 15);" },
	"WLangage":    func(v string) string { return "sJeton est une chaîne = " + double(`"`, v) + " // l'ERP\n" },
	"JSON in XML": func(v string) string { return "<c>" + xmlText(jsonText(map[string]string{"token": v})) + "</c>" },
	"XML in JSON": func(v string) string { return jsonText([]string{"<c><token>" + xmlText(v) + "</token></c>"}) },
	"YAML":        func(v string) string { return "erp:\n  token: " + double("'", v) + "\n  port: SET\n" },
	"URL":         func(v string) string { return "url = https://a.example/?token=" + url.QueryEscape(v) + "&port=SET\n" },
}

var randomToken = rapid.Custom(func(t *rapid.T) string {
	return rapid.StringMatching(`[!-~]{12,60}`).Draw(t, "token")
})

// TestCompareFindsAnyToken: a token of any printable characters is found in every format.
func TestCompareFindsAnyToken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := randomToken.Draw(t, "token")
		for _, format := range handover.Formats() {
			text, err := handover.Render(format, sete(), authclient.NewSecret(token))
			if errors.Is(err, handover.ErrUnsupportedValue) || !format.IsSecret() {
				continue
			}
			if match, _ := compare(text.Reveal(), token); match != handover.Identical {
				t.Fatalf("%s of %q: %s", format, token, match)
			}
		}
		for name, embed := range embeddings {
			if match, _ := compare(embed(token), token); match != handover.Identical {
				t.Fatalf("%s of %q: %s", name, token, match)
			}
			if match, _ := compare(embed("Bearer "+token), token); match != handover.Bearer && name != "URL" {
				t.Fatalf("%s of Bearer %q: %s", name, token, match)
			}
			utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(embed(token))
			if err != nil {
				t.Fatal(err)
			}
			if match, _ := compare(handover.DecodeText([]byte(utf16)), token); match != handover.Identical {
				t.Fatalf("%s of %q in UTF-16: %s", name, token, match)
			}
		}
		for held, want := range map[string]handover.Match{
			token + "\r\n":          handover.Surrounded,
			"\u00a0'" + token + "'": handover.Surrounded,
			jsonText(" " + token):   handover.Surrounded,
			groups(token):           handover.Spaced,
			"Jeton :\r\n> " + token[:9] + "\r\n> " + token[9:] + "\r\n> Merci": handover.Spaced,
			token[:5] + "\u200b" + token[5:]:                                   handover.Invisible,
		} {
			if match, _ := compare(held, token); match != want && !strings.HasPrefix(held, `"`) {
				t.Fatalf("%q for %q: %s, want %s", held, token, match, want)
			}
		}
	})
}

// groups writes a token as the window does.
func groups(token string) string {
	var b strings.Builder
	for i, c := range token {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// TestCompareTakesNoOtherToken: a token with one character changed is never taken for
// the token, in any format.
func TestCompareTakesNoOtherToken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := randomToken.Draw(t, "token")
		i := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		c := rapid.StringMatching(`[!-~]`).Draw(t, "character")
		other := token
		switch rapid.IntRange(0, 4).Draw(t, "change") {
		case 0:
			other = token[:i] + c + token[i:]
		case 1:
			other = token[:i] + token[i+1:]
		case 2:
			other = token[:i] + c + token[i+1:]
		case 3:
			other = token + c
		case 4:
			other = c + token
		}
		if other == token {
			return
		}
		check := func(name, held string) {
			if match, _ := compare(held, token); match == handover.Identical || match == handover.Bearer {
				t.Fatalf("%s of %q for %q: %s\n%s", name, other, token, match, held)
			}
		}
		for _, format := range handover.Formats() {
			if text, err := handover.Render(format, sete(), authclient.NewSecret(other)); err == nil && format.IsSecret() {
				check(string(format), text.Reveal())
			}
		}
		for name, embed := range embeddings {
			check(name, embed(other))
		}
		check("groups", groups(other))
	})
}

// TestCompareNamesANearMiss: what a person does to a token by hand is said in its own words.
func TestCompareNamesANearMiss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := string(rapid.Permutation([]byte("ACDEFGHJKMNPQRTUVWXY34679")).Draw(t, "token")) + "O1"
		i := rapid.IntRange(2, len(token)-3).Draw(t, "at")
		cut := rapid.IntRange(1, len(token)-10).Draw(t, "cut")
		for _, c := range []struct {
			held  string
			want  handover.Match
			count int
		}{
			{strings.ToLower(token), handover.LetterCase, 0},
			{strings.TrimSuffix(token, "O1") + "0l", handover.LookAlike, 0},
			{token[:i] + "\u00ad" + token[i:], handover.Invisible, 0},
			{token + "#", handover.TooLong, 1},
			{token[:i] + "#" + token[i:], handover.TooLong, 1},
			{token + token[len(token)-4:], handover.TooLong, 4},
			{token[:i] + token[i+1:], handover.OneMissing, 0},
			{token[:i] + "é" + token[i+1:], handover.OneWrong, 0},
			{token[:len(token)-cut], handover.Truncated, cut},
			{token[cut:], handover.Truncated, cut},
		} {
			for _, name := range []string{"alone", "JSON", "XML", "CSV", "WLangage", ".reg", "header"} {
				match, count := compare(embeddings[name](c.held), token)
				if match != c.want || count != c.count {
					t.Fatalf("%s of %q for %q: %s, %d; want %s, %d", name, c.held, token, match, count, c.want, c.count)
				}
			}
		}
	})
}

func FuzzCompare(f *testing.F) {
	files, err := filepath.Glob("testdata/compare/*.erp")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		head, held := readVector(f, file)
		f.Add(held, head["token"])
	}
	f.Fuzz(func(t *testing.T, held []byte, token string) {
		if len(held) > 1<<20 || len(token) > 1<<16 {
			t.Skip("more than the window reads")
		}
		begin := time.Now()
		match, count := compare(handover.DecodeText(held), token)
		if took := time.Since(begin); took > 10*time.Second { // a loaded machine
			t.Errorf("%d bytes took %v", len(held), took)
		}
		if (match == handover.TooLong || match == handover.Truncated) != (count > 0) {
			t.Errorf("%s, %d", match, count)
		}
		if match == handover.Identical && strings.TrimSpace(token) == "" && token != handover.DecodeText(held) {
			t.Errorf("no token is %s", match)
		}
	})
}

// BenchmarkCompare compares a text of 1 MiB, the most that the window reads.
func BenchmarkCompare(b *testing.B) {
	const size = 1 << 20
	random := rand.New(rand.NewPCG(1, 2))
	fill := func(part string) string { return strings.Repeat(part, size/len(part)) }
	noise := make([]byte, size)
	for i := range noise {
		noise[i] = byte(' ' + random.IntN(95))
	}
	for _, c := range []struct{ name, held, token string }{
		{"INI", fill("[Section]\r\nURL=https://a.example/ws?test\r\nToken=AUTRE-JETON\r\n; l'ERP\r\n"), token},
		{"JSON", `{"a":[` + fill(`{"token":"AUTRE\\JETON\u0020\"x\"","url":"https:\/\/a?b=%20"},`) + `1]}`, token},
		{"XML", "<a>" + fill(`<b c="&quot;x&amp;">AUTRE &lt; JETON</b><!-- a -->`) + "</a>", token},
		{"source code", fill("s est une chaîne = \"a\" + \"b\"\"c\" + 'd' // l'ERP\n"), token},
		{"noise", string(noise), token},
		{"one line", fill("x"), token},
		{"one letter", fill("A"), strings.Repeat("A", 38)},
		{"its parts", fill(token[:30] + " "), token},
		{"itself in other words", fill("x" + token), token},
		{"its halves", fill(token[:19] + "#"), token},
		{"quotes", fill(`"`), token},
		{"quoted letters", fill(`"AAAAAAAAAAAA`), "AAAAAAAAAAAA"},
		{"spaces", fill(" "), token},
		{"backslashes", fill(`\`), token},
		{"every escape", fill(`\\\\&amp;amp;%25%25=3D"+"`), token},
		{"a long token", fill("A"), strings.Repeat("A", 4000)},
		{"a long token and escapes", fill("A")[3:] + "%41", strings.Repeat("A", 4000)},
		{"almost a long token", fill(strings.Repeat("A", 3999) + " "), strings.Repeat("A", 4000)},
		{"halves of a long token", fill(strings.Repeat("A", 2000) + "#"), strings.Repeat("A", 4000)},
	} {
		b.Run(strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			held, token := authclient.NewSecret(c.held), authclient.NewSecret(c.token)
			for b.Loop() {
				handover.NewConfiguration(held).Compare(token)
			}
		})
	}
}

// TestDecodeText: files as programs of Windows and others write them.
func TestDecodeText(t *testing.T) {
	const text = "[Logapass]\r\nPort=Sète, l’ERP\r\n"
	utf16 := func(order unicode.Endianness, bom unicode.BOMPolicy) string {
		out, err := unicode.UTF16(order, bom).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, content := range map[string]string{
		"UTF-8":             text,
		"UTF-8, BOM":        "\ufeff" + text,
		"UTF-16 LE, BOM":    utf16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16 BE, BOM":    utf16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16 LE, no BOM": utf16(unicode.LittleEndian, unicode.IgnoreBOM),
		"UTF-16 BE, no BOM": utf16(unicode.BigEndian, unicode.IgnoreBOM),
		"Windows-1252":      "[Logapass]\r\nPort=S\xe8te, l\x92ERP\r\n",
	} {
		if got := handover.DecodeText([]byte(content)); got != text {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, held := range []string{"", "\x00", "\xff", "\xff\xfe\x00", "\x00\x00\x00\x00", "a\x00"} {
		_ = fmt.Sprint(handover.DecodeText([]byte(held))) // no panic
	}
}
