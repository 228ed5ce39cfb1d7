package profile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
)

// The text of a keyring item, in the convention of the password store pass: the token
// alone on the first line, so that a person who copies the line has it, then lines
// "field: value". A second line "amarre: 2" states the version. Version 1 is the JSON of
// [Encode], which stays readable.
//
// A value has no line break and no brace: KeePassXC replaces {USERNAME} and its like in
// what it gives back (docs/keyring.md).
const itemTextVersion = 2

// escapes are what a value may not hold.
var (
	escapes   = strings.NewReplacer(`\`, `\\`, "{", `\(`, "}", `\)`, "\n", `\n`, "\r", `\r`)
	unescapes = strings.NewReplacer(`\\`, `\`, `\(`, "{", `\)`, "}", `\n`, "\n", `\r`, "\r")
)

// field is one line of an item's text. Its value is a text; "" leaves the line out.
type field struct {
	name string
	get  func(Profile, Secrets) string
	set  func(*Profile, *Secrets, string) bool // false: not a value of this field
}

// textField returns a field of a profile that is a text.
func textField[T ~string](name string, at func(*Profile) *T) field {
	return field{name,
		func(p Profile, _ Secrets) string { return string(*at(&p)) },
		func(p *Profile, _ *Secrets, value string) bool { *at(p) = T(value); return true }}
}

// dateField returns a field that is a date, "" for the zero time.
func dateField(name string, at func(*Profile, *Secrets) *time.Time) field {
	return field{name,
		func(p Profile, s Secrets) string {
			if date := *at(&p, &s); !date.IsZero() {
				return date.UTC().Format(time.RFC3339Nano)
			}
			return ""
		},
		func(p *Profile, s *Secrets, value string) bool {
			date, err := time.Parse(time.RFC3339Nano, value)
			*at(p, s) = date
			return err == nil
		}}
}

// secretField returns a field that is a secret.
func secretField(name string, at func(*Secrets) *authclient.Secret) field {
	return field{name,
		func(_ Profile, s Secrets) string { return at(&s).Reveal() },
		func(_ *Profile, s *Secrets, value string) bool { *at(s) = authclient.NewSecret(value); return true }}
}

// itemFields are the lines in their order. Their names stay as they are.
var itemFields = []field{
	textField("name", func(p *Profile) *string { return &p.Name }),
	textField("port", func(p *Profile) *string { return &p.PortCode }),
	{"erp-id",
		func(p Profile, _ Secrets) string { return strconv.FormatInt(p.ERPID, 10) },
		func(p *Profile, _ *Secrets, value string) (ok bool) {
			var err error
			p.ERPID, err = strconv.ParseInt(value, 10, 64)
			return err == nil
		}},
	textField("erp", func(p *Profile) *string { return &p.ERP }),
	textField("environment", func(p *Profile) *Environment { return &p.Environment }),
	textField("service", func(p *Profile) *string { return &p.Service }),
	textField("note", func(p *Profile) *string { return &p.Note }),
	secretField("password", func(s *Secrets) *authclient.Secret { return &s.Password }),
	secretField("previous-token", func(s *Secrets) *authclient.Secret { return &s.Previous }),
	dateField("replaced", func(_ *Profile, s *Secrets) *time.Time { return &s.Replaced }),
	dateField("token-set", func(p *Profile, _ *Secrets) *time.Time { return &p.TokenSet }),
	dateField("accepted", func(p *Profile, _ *Secrets) *time.Time { return &p.Accepted }),
	textField("check", func(p *Profile) *Verdict { return &p.Check }),
	dateField("checked", func(p *Profile, _ *Secrets) *time.Time { return &p.Checked }),
	dateField("saved", func(p *Profile, _ *Secrets) *time.Time { return &p.Saved }),
	{"favourite",
		func(p Profile, _ Secrets) string {
			if p.Favourite {
				return "yes"
			}
			return ""
		},
		func(p *Profile, _ *Secrets, value string) bool { p.Favourite = value == "yes"; return true }},
	textField("id", func(p *Profile) *string { return &p.ID }),
}

// EncodeItem returns the keyring item of a profile with its secrets. Its text is a secret.
// The errors are those of [Encode].
func EncodeItem(p Profile, s Secrets) (keyring.Item, error) {
	if _, err := Encode(p, s); err != nil { // what the keyring keeps can be exported
		return keyring.Item{}, err
	}
	lines := []string{escapes.Replace(s.Token.Reveal()), fmt.Sprintf("amarre: %d", itemTextVersion)}
	for _, f := range itemFields {
		if value := f.get(p, s); value != "" {
			lines = append(lines, f.name+": "+escapes.Replace(value))
		}
	}
	text := strings.Join(lines, "\n") + "\n"
	if len(text) > MaxItem {
		return keyring.Item{}, newError(keyring.ClassTooBig, "encode the profile", fmt.Errorf("%d bytes of %d", len(text), MaxItem))
	}
	return itemOf(p, text), nil
}

// itemOf returns the keyring item of a profile with a text.
func itemOf(p Profile, text string) keyring.Item {
	return keyring.Item{
		Name: p.ID, Text: text,
		Label: strings.NewReplacer("{", "(", "}", ")").Replace(fmt.Sprintf("Amarre: %s (%s, ERP %d)", p.Name, p.PortCode, p.ERPID)),
		Attributes: map[string]string{
			"application": "Amarre", "port": p.PortCode, "erp-id": strconv.FormatInt(p.ERPID, 10), "host": p.Host(), "environment": string(p.Environment),
		},
	}
}

// DecodeItem reads the text of a keyring item, of any version. The error is ClassForeign,
// ClassNewer, or ClassBareToken with the token in the secrets; its text holds nothing of
// the item.
func DecodeItem(text string) (Profile, Secrets, error) {
	foreign := func() (Profile, Secrets, error) {
		return Profile{}, Secrets{}, newError(ClassForeign, "read the item", nil)
	}
	if strings.HasPrefix(text, "{") {
		return Decode(text)
	}
	if len(text) > MaxItem {
		return foreign()
	}
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
	var p Profile
	s := Secrets{Token: authclient.NewSecret(unescapes.Replace(lines[0]))}
	if len(lines) == 1 {
		if token := strings.TrimSpace(lines[0]); token != "" && fitsHTTPHeader(token) {
			return Profile{}, Secrets{Token: authclient.NewSecret(token)}, newError(ClassBareToken, "read the item", nil)
		}
		return foreign()
	}
	stated, isItem := strings.CutPrefix(lines[1], "amarre: ")
	version, err := strconv.Atoi(stated)
	switch {
	case !isItem || err != nil || version < itemTextVersion:
		return foreign()
	case version > itemTextVersion:
		return Profile{}, Secrets{}, newError(ClassNewer, "read the item", nil)
	}
	seen := map[string]bool{}
	for _, line := range lines[2:] {
		name, value, ok := strings.Cut(line, ": ")
		at := slices.IndexFunc(itemFields, func(f field) bool { return f.name == name })
		if !ok || seen[name] || at >= 0 && !itemFields[at].set(&p, &s, unescapes.Replace(value)) {
			return foreign()
		}
		seen[name] = true
	}
	p.HasPassword, p.HasPrevious = !s.Password.IsZero(), !s.Previous.IsZero()
	p = p.dated()
	if check(p, s) != nil {
		return foreign()
	}
	return p, s, nil
}
