package authclient_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net"
	"slices"
	"testing"
	"time"

	"amarre/authclient"
)

// signer is a certificate with its key.
type signer struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func ecKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t *testing.T, bits int) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue signs a certificate; a nil signer makes one that signs itself.
func (s *signer) issue(t *testing.T, key crypto.Signer, template x509.Certificate) *signer {
	t.Helper()
	number, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = number
	if template.NotBefore.IsZero() {
		template.NotBefore = time.Now().Add(-time.Hour)
	}
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	parent, by := &template, key
	if s != nil {
		parent, by = s.cert, s.key
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, parent, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{cert, key}
}

// authority is the template of an authority.
func authority(name string) x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, MaxPathLen: -1}
}

// leaf is the template of a server's certificate for 127.0.0.1.
func leaf() x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: "service"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
}

// with changes a template.
func with(template x509.Certificate, change func(*x509.Certificate)) x509.Certificate {
	change(&template)
	return template
}

// TestTLSReasons: each certificate that is refused has its true reason.
func TestTLSReasons(t *testing.T) {
	root := (*signer)(nil).issue(t, ecKey(t), authority("Root"))
	middle := root.issue(t, ecKey(t), authority("Middle"))
	rsaRoot := (*signer)(nil).issue(t, rsaKey(t, 2048), authority("RSA Root"))
	public := func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://ca.example/issuer.crt"} }
	unknown := pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}
	short := root.issue(t, ecKey(t), with(authority("Short"), func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true }))
	under := short.issue(t, ecKey(t), authority("Under"))
	narrow := root.issue(t, ecKey(t), with(authority("Narrow"), func(c *x509.Certificate) {
		c.PermittedIPRanges = []*net.IPNet{{IP: net.IPv4(10, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)}}
	}))
	noAuthority := root.issue(t, ecKey(t), with(authority("None"), func(c *x509.Certificate) { c.IsCA, c.KeyUsage, c.MaxPathLen = false, 0, 0 }))
	mailOnly := root.issue(t, ecKey(t), with(authority("Mail"), func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection} }))
	var many []*signer // authorities of one name, of which the verifier tries each
	for range 120 {
		many = append(many, root.issue(t, ecKey(t), authority("Many")))
	}
	weak := root.issue(t, rsaKey(t, 1024), authority("Weak"))
	hidden := root.issue(t, ecKey(t), authority("Many"))
	changed := func(s *signer, change func(der []byte) []byte) *signer {
		return &signer{&x509.Certificate{Raw: change(slices.Clone(s.cert.Raw))}, s.key}
	}

	for name, c := range map[string]struct {
		leaf      *signer
		above     []*signer
		config    *tls.Config
		untrusted bool // the root
		reason    authclient.Reason
		rule      authclient.Rule
		subject   string
		issuer    string
	}{
		"valid":                      {leaf: middle.issue(t, ecKey(t), leaf()), above: []*signer{middle}},
		"valid RSA":                  {leaf: rsaRoot.issue(t, rsaKey(t, 2048), leaf())},
		"expired":                    {leaf: root.issue(t, ecKey(t), with(leaf(), func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })), reason: authclient.ReasonExpired, subject: "service", issuer: "Root"},
		"not yet valid":              {leaf: root.issue(t, ecKey(t), with(leaf(), func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })), reason: authclient.ReasonNotYetValid, subject: "service", issuer: "Root"},
		"wrong host":                 {leaf: root.issue(t, ecKey(t), with(leaf(), func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"wifi.hotel.example"} })), reason: authclient.ReasonWrongHost, subject: "wifi.hotel.example", issuer: "Root"},
		"a common name only":         {leaf: root.issue(t, ecKey(t), with(leaf(), func(c *x509.Certificate) { c.IPAddresses = nil })), reason: authclient.ReasonNoNames, subject: "service", issuer: "Root"},
		"untrusted root":             {leaf: root.issue(t, ecKey(t), leaf()), above: []*signer{root}, untrusted: true, reason: authclient.ReasonUntrusted, subject: "service", issuer: "Root"},
		"private authority":          {leaf: root.issue(t, ecKey(t), leaf()), untrusted: true, reason: authclient.ReasonUntrusted, subject: "service", issuer: "Root"},
		"no intermediate":            {leaf: middle.issue(t, ecKey(t), with(leaf(), public)), reason: authclient.ReasonIncomplete, subject: "service", issuer: "Middle"},
		"self-signed":                {leaf: (*signer)(nil).issue(t, ecKey(t), leaf()), reason: authclient.ReasonSelfSigned, subject: "service", issuer: "service"},
		"SHA-1":                      {leaf: rsaRoot.issue(t, rsaKey(t, 2048), with(leaf(), func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA })), reason: authclient.ReasonWeakSignature, subject: "service", issuer: "RSA Root"},
		"RSA of 1,024 bits":          {leaf: root.issue(t, rsaKey(t, 1024), leaf()), reason: authclient.ReasonWeakKey, subject: "service", issuer: "Root"},
		"an authority of 1,024 bits": {leaf: weak.issue(t, ecKey(t), leaf()), above: []*signer{weak}, reason: authclient.ReasonWeakKey, subject: "Weak", issuer: "Root"},
		"not for servers":            {leaf: root.issue(t, ecKey(t), with(leaf(), func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })), reason: authclient.ReasonWrongUse, subject: "service", issuer: "Root"},
		"authority not for servers":  {leaf: mailOnly.issue(t, ecKey(t), with(leaf(), func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })), above: []*signer{mailOnly}, reason: authclient.ReasonWrongUse, subject: "service", issuer: "Mail"},
		"critical extension":         {leaf: root.issue(t, ecKey(t), with(leaf(), func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{unknown} })), reason: authclient.ReasonRule, rule: authclient.RuleExtension, subject: "service", issuer: "Root"},
		"path length":                {leaf: under.issue(t, ecKey(t), leaf()), above: []*signer{under, short}, reason: authclient.ReasonRule, rule: authclient.RulePathLength, subject: "service", issuer: "Under"},
		"name constraints":           {leaf: narrow.issue(t, ecKey(t), leaf()), above: []*signer{narrow}, reason: authclient.ReasonRule, rule: authclient.RuleNames, subject: "service", issuer: "Narrow"},
		"not an authority":           {leaf: noAuthority.issue(t, ecKey(t), leaf()), above: []*signer{noAuthority}, reason: authclient.ReasonRule, rule: authclient.RuleAuthority, subject: "service", issuer: "None"},
		"too many signatures":        {leaf: hidden.issue(t, ecKey(t), leaf()), above: many, reason: authclient.ReasonRule, rule: authclient.RuleSignatures, subject: "service", issuer: "Many"},
		"garbage":                    {leaf: changed(root.issue(t, ecKey(t), leaf()), func(der []byte) []byte { return der[:len(der)/2] }), reason: authclient.ReasonUnreadable},
		"a negative serial number":   {leaf: changed(root.issue(t, ecKey(t), leaf()), negativeSerial), reason: authclient.ReasonUnreadable},
		"no such name":               {leaf: root.issue(t, ecKey(t), leaf()), config: &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }}, reason: authclient.ReasonUnknownServerName},
		"client certificate, 1.3":    {leaf: root.issue(t, ecKey(t), leaf()), config: &tls.Config{ClientAuth: tls.RequireAnyClientCert}, reason: authclient.ReasonClientCertificate},
		"client certificate, 1.2":    {leaf: root.issue(t, ecKey(t), leaf()), config: &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}, reason: authclient.ReasonClientCertificate},
		"client certificate, wanted": {leaf: root.issue(t, ecKey(t), leaf()), config: &tls.Config{ClientAuth: tls.RequestClientCert}},
		"RSA key exchange only":      {leaf: rsaRoot.issue(t, rsaKey(t, 2048), leaf()), config: &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}, reason: authclient.ReasonOutdated},
		"TLS 1.1":                    {leaf: root.issue(t, ecKey(t), leaf()), config: &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, reason: authclient.ReasonOutdated},
	} {
		t.Run(name, func(t *testing.T) {
			cert := tls.Certificate{Certificate: [][]byte{c.leaf.cert.Raw}, PrivateKey: c.leaf.key}
			for _, above := range c.above {
				cert.Certificate = append(cert.Certificate, above.cert.Raw)
			}
			config := c.config.Clone()
			if config == nil {
				config = &tls.Config{}
			}
			if config.GetCertificate == nil {
				config.Certificates = []tls.Certificate{cert}
			}
			pool := x509.NewCertPool()
			if !c.untrusted {
				pool.AddCert(root.cert)
				pool.AddCert(rsaRoot.cert)
			}
			client := newClient(t, "https://"+listen(t, secureService(config)), authclient.Options{RootCAs: pool})
			_, err := client.Login(t.Context(), testCredentials)
			if c.reason == "" {
				if err != nil {
					t.Errorf("login: %v", describe(err))
				}
				return
			}
			e := wantError(t, err, authclient.OutcomeTLS, c.reason)
			if got := fmt.Sprint(e.Rule, " ", e.Subject, " ", e.Issuer, " ", e.Step); got != fmt.Sprint(c.rule, " ", c.subject, " ", c.issuer, " tls") {
				t.Errorf("rule, names and step are %s; want %s", got, fmt.Sprint(c.rule, " ", c.subject, " ", c.issuer, " tls"))
			}
		})
	}
}

// negativeSerial makes the serial number of a certificate negative, which crypto/x509 does not
// read. The signature no longer holds, but is never looked at.
func negativeSerial(der []byte) []byte {
	for i := range der { // INTEGER of 8 bytes is the serial number
		if der[i] == 2 && der[i+1] == 8 {
			der[i+2] |= 0x80
			return der
		}
	}
	return nil
}
