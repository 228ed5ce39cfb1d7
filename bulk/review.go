package bulk

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
)

// Verdict is what Review says of a row before anything is sent.
type Verdict string

// The verdicts. Only rows that are Ready are sent.
const (
	Ready           Verdict = "ready"
	AlreadySaved    Verdict = "saved"           // a profile of this service, port code and ERP ID
	Duplicate       Verdict = "duplicate"       // of a row above: see Reviewed.SameAs
	NoPortCode      Verdict = "no-port-code"    // the cell is empty
	WrongLength     Verdict = "wrong-length"    // of the port code: see Reviewed.Length
	NotAPort        Verdict = "not-a-port"      // an entry of a password manager that names no service
	BadPortCode     Verdict = "bad-port-code"   // a port code with what cannot be in one
	NoERPID         Verdict = "no-erp-id"       // neither in the list nor in the identity
	BadERPID        Verdict = "bad-erp-id"      // no whole number
	RoundedERPID    Verdict = "rounded-erp-id"  // 9,0072E+15: a spreadsheet has lost digits
	NoPassword      Verdict = "no-password"     // neither in the list nor in the identity
	BadSecret       Verdict = "bad-secret"      // a line break or what cannot be seen in it
	NoService       Verdict = "no-service"      // neither in the list nor in the identity
	BadService      Verdict = "bad-service"     // no address, or one without TLS
	OtherService    Verdict = "other-service"   // an address that the user did not name: see Identity
	ForbiddenByRule Verdict = "not-allowed"     // a policy does not allow the service
	BadEnvironment  Verdict = "bad-environment" // neither production nor test
	SecretInText    Verdict = "secret-in-text"  // the password or the token in a name or a note
	TooLong         Verdict = "too-long"        // a name or a note that the keyring has no room for
	LeftOut         Verdict = "left-out"        // by the user
)

// IsProblem reports whether the row has to be corrected to be sent.
func (v Verdict) IsProblem() bool {
	return v != Ready && v != AlreadySaved && v != LeftOut
}

// Identity is what is typed once for all rows. What a row has itself comes first.
type Identity struct {
	Service     string
	Environment profile.Environment // "" means Production
	ERPID       string
	ERP         string
	Password    authclient.Secret
	Keep        bool // the password is kept with each profile

	// Services are further addresses to which credentials of the list may be sent, such as
	// those of saved profiles: an export of a password manager has passwords for other
	// sites too.
	Services []string
	// Allowed returns an error for the address of a service that must not be called; nil for
	// none.
	Allowed func(authclient.Address) error
}

// Reviewed is a row with its verdict.
type Reviewed struct {
	Row
	Verdict Verdict
	SameAs  int             // the line of the row that has the same credential, for Duplicate
	Length  int             // the characters of the port code, for WrongLength
	Profile profile.Profile // of a row that is Ready; of one that is AlreadySaved the saved one
	Keep    bool            // the password is kept
}

// Review says of each row whether it can be sent. saved are the saved profiles.
func Review(rows []Row, identity Identity, saved []profile.Profile) []Reviewed {
	r := reviewer{Identity: identity, seen: map[string]int{}, saved: map[string]profile.Profile{}, services: map[string]bool{}}
	for _, each := range append(slices.Clone(identity.Services), identity.Service) {
		if address, err := authclient.ParseAddress(each); err == nil {
			r.services[address.String()] = true
		}
	}
	for _, p := range saved {
		r.saved[key(p)] = p
	}
	all := make([]Reviewed, len(rows))
	for i, row := range rows {
		all[i] = Reviewed{Row: row, Keep: identity.Keep}
		r.review(&all[i])
	}
	return all
}

type reviewer struct {
	Identity
	seen     map[string]int             // the line of each credential
	saved    map[string]profile.Profile // by credential
	services map[string]bool            // whole addresses: the case of a path may matter
}

// key is equal for profiles that are the same credential: see [profile.Profile.SameCredential].
func key(p profile.Profile) string {
	return strings.ToLower(p.Service) + "\x00" + strings.ToLower(p.PortCode) + "\x00" + strconv.FormatInt(p.ERPID, 10)
}

// rounded is how a spreadsheet shows a long number.
var rounded = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE]\+?[0-9]+$`)

// review fills what is missing in a row from the identity, and judges it.
func (r *reviewer) review(row *Reviewed) {
	var of profile.Profile
	address, err := authclient.ParseAddress(orElse(row.Service, r.Service))
	code, codeErr := authclient.ParsePortCode(row.PortCode)
	id, idErr := authclient.ParseERPID(orElse(row.ERPID, r.ERPID))
	environment, known := r.Environment, true
	if row.Environment != "" {
		environment, known = environmentOf(row.Environment)
	}
	if environment == "" {
		environment = profile.Production
	}
	if row.Password.IsZero() {
		row.Password = r.Password
	}
	if row.LeftOut {
		row.Verdict = LeftOut
		return
	}
	length := utf8.RuneCountInString(row.PortCode)
	switch {
	case row.PortCode == "":
		row.Verdict = NoPortCode
	case codeErr != nil && length != authclient.PortCodeLength:
		row.Verdict, row.Length = WrongLength, length
	case codeErr != nil, strings.HasPrefix(row.PortCode, "="): // a formula
		row.Verdict = BadPortCode
	case row.FromAccount && row.Service == "" && row.ERPID == "":
		row.Verdict = NotAPort
	case orElse(row.Service, r.Service) == "":
		row.Verdict = NoService
	case err != nil:
		row.Verdict = BadService
	case r.Allowed != nil && r.Allowed(address) != nil:
		row.Verdict = ForbiddenByRule
	case !r.services[address.String()]:
		row.Verdict, row.Profile.Service = OtherService, address.String()
	case !known:
		row.Verdict = BadEnvironment
	case rounded.MatchString(row.ERPID):
		row.Verdict = RoundedERPID
	case orElse(row.ERPID, r.ERPID) == "":
		row.Verdict = NoERPID
	case idErr != nil:
		row.Verdict = BadERPID
	}
	if row.Verdict != "" {
		return
	}
	of = profile.Profile{Service: address.String(), Environment: environment, PortCode: code, ERPID: id,
		Name: authclient.PlainText(row.Name), ERP: authclient.PlainText(orElse(row.ERP, r.ERP)), Note: authclient.PlainText(row.Note)}
	row.Profile, row.Verdict = of, Ready
	line, again := r.seen[key(of)]
	switch existing, isSaved := r.saved[key(of)]; {
	case again:
		row.Verdict, row.SameAs = Duplicate, line
	case isSaved && !row.Again:
		row.Verdict, row.Profile = AlreadySaved, existing
	case row.Token.IsZero() && row.Password.IsZero():
		row.Verdict = NoPassword
	case !plain(row.Token) || !plain(row.Password):
		row.Verdict = BadSecret
	default:
		row.Verdict = saveable(row)
		if isSaved && row.Verdict == Ready {
			row.Verdict, row.Profile = AlreadySaved, existing
		}
	}
	if !again && !ruined[row.Verdict] {
		r.seen[key(of)] = row.Line
	}
}

// ruined are the verdicts of rows that will not be sent as they are: a later row of the same
// port is no duplicate of one.
var ruined = map[Verdict]bool{BadSecret: true, SecretInText: true, TooLong: true}

// saveable returns Ready, or why no profile can be made of a row.
func saveable(row *Reviewed) Verdict {
	secrets := profile.Secrets{Token: row.Token, Password: row.Password}
	if secrets.Token.IsZero() {
		secrets.Token = authclient.NewSecret(strings.Repeat("-", usualToken))
	}
	of := row.Profile
	of.ID, of.Name = "id", orElse(of.Name, of.PortCode)
	switch _, err := profile.Encode(of, secrets); keyring.ClassOf(err) {
	case "":
		return Ready
	case keyring.ClassTooBig:
		return TooLong
	case profile.ClassSecretInText:
		return SecretInText
	default:
		return BadSecret
	}
}

// usualToken is the length of a token (docs/service.md, section 1).
const usualToken = 38

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// plain reports whether a secret is one line of what can be seen, and no reference to another
// entry of KeePass or error of a spreadsheet.
func plain(secret authclient.Secret) bool {
	text := secret.Reveal()
	return !strings.ContainsAny(text, "\r\n\t") && !authclient.HasUnseen(text) && !strings.HasPrefix(text, "{REF:") && !slices.Contains(cellErrors, text)
}

// cellErrors are what a spreadsheet shows where a formula has no value.
var cellErrors = []string{"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#VALEUR!", "#NOM?", "#NUL!", "#NOMBRE!"}
