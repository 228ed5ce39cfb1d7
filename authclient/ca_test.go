package authclient_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

	"amarre/authclient"
)

// exported returns a file of testdata/authorities. The files hold "Inspection Root" and, those
// that are named chain, "Inspection Issuing". OpenSSL made them:
//
//	openssl x509 -outform der -out root.cer
//	openssl crl2pkcs7 -nocrl -certfile chain.pem -outform der -out chain.p7b
//	openssl crl2pkcs7 -nocrl -certfile chain.pem -out chain-pem.p7b
//	openssl x509 -trustout -addtrust serverAuth -out openssl-trusted.pem
//	openssl pkcs12 -export -inkey root.key -passout pass:x -out root.pfx
func exported(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "authorities", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func utf16(t testing.TB, text []byte, order unicode.Endianness, mark unicode.BOMPolicy) []byte {
	t.Helper()
	encoded, err := unicode.UTF16(order, mark).NewEncoder().Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// TestParseAuthorities: the certificates are found in every form in which programs export
// them.
func TestParseAuthorities(t *testing.T) {
	chain := exported(t, "chain.pem")
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	key := block("EC PRIVATE KEY", []byte("not read"))
	parameters := block("EC PARAMETERS", []byte{6, 1, 1})
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"PEM":                                {chain, "Inspection Root, Inspection Issuing"},
		"PEM with CRLF":                      {bytes.ReplaceAll(chain, []byte("\n"), []byte("\r\n")), "Inspection Root, Inspection Issuing"},
		"PEM with a byte order mark":         {join([]byte("\ufeff"), chain), "Inspection Root, Inspection Issuing"},
		"PEM in UTF-16, little-endian":       {utf16(t, chain, unicode.LittleEndian, unicode.UseBOM), "Inspection Root, Inspection Issuing"},
		"PEM in UTF-16, big-endian":          {utf16(t, chain, unicode.BigEndian, unicode.UseBOM), "Inspection Root, Inspection Issuing"},
		"PEM in UTF-16 without a mark":       {utf16(t, chain, unicode.LittleEndian, unicode.IgnoreBOM), "Inspection Root, Inspection Issuing"},
		"PEM in UTF-16BE without a mark":     {utf16(t, chain, unicode.BigEndian, unicode.IgnoreBOM), "Inspection Root, Inspection Issuing"},
		"PEM among other blocks and text":    {join([]byte("Bag Attributes\n    friendlyName: racine é\n"), parameters, key, chain, key), "Inspection Root, Inspection Issuing"},
		"PEM with one that cannot be read":   {join(block("CERTIFICATE", []byte("nothing")), chain), "Inspection Root, Inspection Issuing"},
		"PEM of OpenSSL with what it trusts": {exported(t, "openssl-trusted.pem"), "Inspection Root"},
		"DER":                                {exported(t, "root.cer"), "Inspection Root"},
		"DER of two":                         {join(exported(t, "root.cer"), exported(t, "root.cer")), "Inspection Root, Inspection Root"},
		"PKCS #7":                            {exported(t, "chain.p7b"), "Inspection Root, Inspection Issuing"},
		"PKCS #7 in PEM":                     {exported(t, "chain-pem.p7b"), "Inspection Root, Inspection Issuing"},
		"PKCS #7 in PEM in UTF-16":           {utf16(t, exported(t, "chain-pem.p7b"), unicode.LittleEndian, unicode.UseBOM), "Inspection Root, Inspection Issuing"},
		"PKCS #7 in PEM by certutil":         {block("CERTIFICATE", exported(t, "chain.p7b")), "Inspection Root, Inspection Issuing"},
		"PKCS #7 that is cut":                {exported(t, "chain.p7b")[:700], ""},
		"PKCS #12":                           {exported(t, "root.pfx"), ""},
		"a key alone":                        {key, ""},
		"a page":                             {[]byte("<!doctype html><title>Proxy</title>"), ""},
		"DER that is cut":                    {exported(t, "root.cer")[:300], ""},
		"PEM that is cut":                    {chain[:300], ""},
		"nothing":                            {nil, ""},
	} {
		certs, err := authclient.ParseAuthorities(c.content)
		if got := names(certs); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if c.want == "" && err != authclient.ErrCANone || c.want != "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnreadableAuthority: a certificate that breaks a rule of its form is not a file without
// one.
func TestUnreadableAuthority(t *testing.T) {
	root := (*signer)(nil).issue(t, ecKey(t), authority("Root"))
	der := negativeSerial(root.cert.Raw)
	for name, content := range map[string][]byte{"DER": der, "PEM": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})} {
		if _, err := authclient.ParseAuthorities(content); !errors.Is(err, authclient.ErrCAUnreadable) {
			t.Errorf("%s: %v, want ErrCAUnreadable", name, err)
		}
	}
}

func names(certs []*x509.Certificate) string {
	var all []string
	for _, c := range certs {
		all = append(all, c.Subject.CommonName)
	}
	return strings.Join(all, ", ")
}

// FuzzAuthorities: whatever a file holds, there are certificates or an error; the same
// certificates are found if they are written in another form.
func FuzzAuthorities(f *testing.F) {
	for _, name := range []string{"chain.pem", "root.cer", "chain.p7b", "chain-pem.p7b", "openssl-trusted.pem", "root.pfx"} {
		content := exported(f, name)
		f.Add(content)
		f.Add(utf16(f, content, unicode.LittleEndian, unicode.UseBOM))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		certs, err := authclient.ParseAuthorities(content)
		if (err == nil) != (len(certs) > 0) {
			t.Fatalf("%d certificates and %v", len(certs), err)
		}
		if err != nil {
			return
		}
		var text bytes.Buffer
		for _, c := range certs {
			if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
				t.Fatal(err)
			}
		}
		again, err := authclient.ParseAuthorities(utf16(t, text.Bytes(), unicode.LittleEndian, unicode.UseBOM))
		if err != nil || !slices.EqualFunc(certs, again, (*x509.Certificate).Equal) {
			t.Errorf("written again: %q, %v; want %q", names(again), err, names(certs))
		}
	})
}

// tlsServer is a server that gives a token and counts the requests. Without a certificate of
// its own it has that of httptest, which is of an authority.
func tlsServer(t *testing.T, cert ...tls.Certificate) (server *httptest.Server, requests *int) {
	t.Helper()
	requests = new(int)
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests++
		_, _ = io.WriteString(w, `{"status":200,"msg":"","data":{"token":"T"}}`)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: cert}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, requests
}

// selfMade makes a certificate that signs itself.
func selfMade(t *testing.T, change func(*x509.Certificate)) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Made"}, BasicConstraintsValid: true, IsCA: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	change(made)
	der, err := x509.CreateCertificate(rand.Reader, made, made, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func saved(t *testing.T, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "authority")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestAuthoritiesOfAClient: a file and authorities that were read before are trusted
// besides the system's.
func TestAuthoritiesOfAClient(t *testing.T) {
	server, _ := tlsServer(t)
	root := server.Certificate()
	other, err := authclient.ParseAuthorities(exported(t, "root.cer"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		opts authclient.Options
		want authclient.Outcome
	}{
		"no authority":               {authclient.Options{}, authclient.OutcomeTLS},
		"the file":                   {authclient.Options{CAFile: saved(t, root.Raw)}, authclient.OutcomeToken},
		"what was read before":       {authclient.Options{Authorities: []*x509.Certificate{root}}, authclient.OutcomeToken},
		"the file besides another":   {authclient.Options{CAFile: saved(t, root.Raw), Authorities: other}, authclient.OutcomeToken},
		"another file besides it":    {authclient.Options{CAFile: saved(t, exported(t, "chain.p7b")), Authorities: []*x509.Certificate{root}}, authclient.OutcomeToken},
		"another file alone":         {authclient.Options{CAFile: saved(t, exported(t, "chain.p7b"))}, authclient.OutcomeTLS},
		"another one besides a pool": {authclient.Options{RootCAs: pool(root), Authorities: other}, authclient.OutcomeToken},
	} {
		_, err := newClient(t, server.URL, c.opts).Login(t.Context(), testCredentials)
		if got := authclient.OutcomeOf(err); got != c.want {
			t.Errorf("%s: %s (%v), want %s", name, got, err, c.want)
		}
	}
	given := pool(root)
	if err := newClient(t, server.URL, authclient.Options{RootCAs: given, Authorities: other}).CheckAuthorities(t.Context()); err != nil || !given.Equal(pool(root)) {
		t.Errorf("the caller's pool was changed, %v", err)
	}
}

func pool(certs ...*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool
}

// TestBadAuthoritySendsNothing: every call says what is wrong with the file of an authority,
// before anything is sent.
func TestBadAuthoritySendsNothing(t *testing.T) {
	server, requests := tlsServer(t)
	root := server.Certificate()
	dir := t.TempDir()
	large := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}), make([]byte, 1<<20)...)
	expired := selfMade(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	later := selfMade(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })
	stranger := selfMade(t, func(c *x509.Certificate) { c.IsCA, c.DNSNames = false, []string{"other.example"} })
	for name, c := range map[string]struct {
		file string
		want error
	}{
		"missing":            {filepath.Join(dir, "missing.pem"), fs.ErrNotExist},
		"below what is none": {filepath.Join(dir, "none", "ca.pem"), fs.ErrNotExist},
		"a folder":           {dir, authclient.ErrCAFolder},
		"too large":          {saved(t, large), authclient.ErrCATooLarge},
		"no certificate":     {saved(t, []byte("nothing")), authclient.ErrCANone},
		"expired":            {saved(t, expired), authclient.ErrCAExpired},
		"not yet valid":      {saved(t, later), authclient.ErrCAExpired},
		"of another server":  {saved(t, stranger), authclient.ErrCANotAuthority},
		os.DevNull:           {os.DevNull, authclient.ErrCANotRegular},
	} {
		client := newClient(t, server.URL, authclient.Options{CAFile: c.file})
		_, loginErr := client.Login(t.Context(), testCredentials)
		_, accountErr := client.Account(t.Context(), authclient.NewSecret("T"))
		diagnoseErr := client.Diagnose(t.Context(), func(f authclient.Finding) { t.Errorf("%s: the step %s", name, f.Step) })
		for call, err := range map[string]error{"login": loginErr, "account": accountErr, "diagnose": diagnoseErr, "check": client.CheckAuthorities(t.Context())} {
			var e *authclient.CAError
			if !errors.As(err, &e) || e.File != c.file || !errors.Is(err, c.want) || authclient.OutcomeOf(err) != authclient.OutcomeUnreachable {
				t.Errorf("%s, %s: %v, want a *CAError with the file and %v", name, call, err, c.want)
			}
			if e != nil && e.From.IsZero() != (c.want != authclient.ErrCAExpired) {
				t.Errorf("%s, %s: valid from %v until %v", name, call, e.From, e.Until)
			}
		}
	}
	if *requests > 0 {
		t.Errorf("%d requests were sent", *requests)
	}
	both := newClient(t, server.URL, authclient.Options{CAFile: saved(t, slices.Concat(expired, root.Raw))})
	if _, err := both.Login(t.Context(), testCredentials); err != nil {
		t.Errorf("a valid one besides one that is expired: %v", err)
	}
}

// TestPinnedServer: the certificate of the service itself, of no authority, holds for it.
func TestPinnedServer(t *testing.T) {
	cert := selfSigned(t, "service")
	server, _ := tlsServer(t, cert)
	if _, err := newClient(t, server.URL, authclient.Options{CAFile: saved(t, cert.Certificate[0])}).Login(t.Context(), testCredentials); err != nil {
		t.Error(err)
	}
}

// TestAuthorityThatDoesNotCome: a file on a network that does not answer delays a call no
// longer than its deadline, and Cancel ends it.
func TestAuthorityThatDoesNotCome(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	call := func(ctx context.Context, timeout time.Duration) authclient.Outcome {
		client := newClient(t, "https://logapass.example", authclient.Options{CAFile: "/network/ca.pem", Timeout: timeout})
		client.SetReadCAFile(func(string) ([]*x509.Certificate, error) { <-hang; return nil, authclient.ErrCANone })
		_, err := client.Login(ctx, testCredentials)
		return authclient.OutcomeOf(err)
	}
	if got := call(t.Context(), 50*time.Millisecond); got != authclient.OutcomeTimeout {
		t.Errorf("after the deadline: %s, want %s", got, authclient.OutcomeTimeout)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := call(ctx, 0); got != authclient.OutcomeCancelled {
		t.Errorf("cancelled: %s, want %s", got, authclient.OutcomeCancelled)
	}
}
