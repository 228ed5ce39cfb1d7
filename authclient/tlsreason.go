package authclient

import (
	"bytes"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// This file finds the reason of a TLS error.

// Rule is a rule of certificates that a chain breaks (RFC 5280).
type Rule string

// The rules. The last one is any other.
const (
	RuleNames      Rule = "name-constraints" // an authority signed a name that it may not sign
	RulePathLength Rule = "path-length"      // there are more authorities in the chain than allowed
	RuleAuthority  Rule = "authority"        // a certificate in the chain is not of an authority
	RuleExtension  Rule = "extension"        // a critical extension is not known
	RuleSignatures Rule = "signatures"       // there are too many signatures to verify
	RuleOther      Rule = "other"
)

// minRSA is the size below which a key of RSA can be broken, in bits (ANSSI's guide to TLS).
const minRSA = 2048

// weakKeyError says that a chain has a key that can be broken.
type weakKeyError struct {
	bits int
	cert *x509.Certificate
}

func (e *weakKeyError) Error() string {
	return fmt.Sprintf("a key of RSA has %d bits, %d are needed", e.bits, minRSA)
}

// checkKeys returns a *weakKeyError if every chain has a key of RSA that is too short.
func checkKeys(chains [][]*x509.Certificate) error {
	var weak *weakKeyError
	for _, chain := range chains {
		var found *weakKeyError
		for _, cert := range chain {
			if key, ok := cert.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < minRSA && found == nil {
				found = &weakKeyError{key.N.BitLen(), cert}
			}
		}
		if found == nil {
			return nil
		}
		weak = found
	}
	if weak == nil {
		return nil
	}
	return weak
}

// alertReasons are the texts of alerts, for which crypto/tls exports no values.
var alertReasons = map[string]Reason{
	"tls: handshake failure":              ReasonOutdated,
	"tls: insufficient security level":    ReasonOutdated,
	"tls: protocol version not supported": ReasonOutdated,
	"tls: unrecognized name":              ReasonUnknownServerName,
	"tls: certificate required":           ReasonClientCertificate,
}

// demandAlerts are alerts of servers that got no certificate of the client. With TLS 1.2
// there is none for that.
var demandAlerts = []string{"tls: handshake failure", "tls: bad certificate", "tls: certificate required", "tls: unknown certificate", "tls: access denied"}

// isTLS reports whether err is an error of TLS, and not of the connection below it.
func isTLS(err error) bool {
	var (
		record tls.RecordHeaderError
		alert  tls.AlertError
		opErr  *net.OpError
	)
	return errors.As(err, &record) || errors.As(err, &alert) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &opErr) && (opErr.Op == "remote error" || opErr.Op == "local error")
}

// classifyTLS sets the reason of an error of TLS, and the names in the certificate. demanded
// says that the server asked for a certificate of the client.
func classifyTLS(c call, err error, demanded bool, e *Error) {
	e.Outcome, e.Reason = OutcomeTLS, ReasonProtocol
	var (
		weak         *weakKeyError
		verification *tls.CertificateVerificationError
		opErr        *net.OpError
	)
	name := func(cert *x509.Certificate) {
		e.Subject, e.Issuer = c.shown(subjectName(cert)), c.shown(issuerName(cert))
	}
	switch {
	case errors.As(err, &weak):
		e.Reason = ReasonWeakKey
		name(weak.cert)
	case errors.As(err, &verification) && len(verification.UnverifiedCertificates) > 0:
		name(verification.UnverifiedCertificates[0])
		e.Reason, e.Rule = verificationReason(verification)
	case errors.As(err, &opErr) && opErr.Op == "remote error":
		text := opErr.Err.Error()
		if reason, ok := alertReasons[text]; ok {
			e.Reason = reason
		}
		for _, alert := range demandAlerts {
			if demanded && text == alert {
				e.Reason = ReasonClientCertificate
			}
		}
	case strings.Contains(err.Error(), "failed to parse certificate"):
		e.Reason = ReasonUnreadable
	case strings.Contains(err.Error(), "server selected unsupported protocol version"),
		strings.Contains(err.Error(), "server chose an unconfigured cipher suite"):
		e.Reason = ReasonOutdated
	case strings.Contains(err.Error(), "RSA key"): // Go refuses keys below 1,024 bits itself
		e.Reason = ReasonWeakKey
	}
}

// verificationReason returns why a chain is not trusted.
func verificationReason(err *tls.CertificateVerificationError) (Reason, Rule) {
	leaf := err.UnverifiedCertificates[0]
	var (
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		authority x509.UnknownAuthorityError
		weak      x509.InsecureAlgorithmError
		extension x509.UnhandledCriticalExtension
	)
	switch {
	case errors.As(err, &hostname):
		if len(leaf.DNSNames)+len(leaf.IPAddresses)+len(leaf.EmailAddresses)+len(leaf.URIs) == 0 {
			return ReasonNoNames, ""
		}
		return ReasonWrongHost, ""
	case errors.As(err, &extension):
		return ReasonRule, RuleExtension
	case errors.As(err, &invalid):
		return invalidReason(invalid)
	case errors.As(err, &weak):
		return ReasonWeakSignature, ""
	case strings.Contains(err.Error(), "parent certificate cannot sign this kind of certificate"): // the reason of an UnknownAuthorityError
		return ReasonRule, RuleAuthority
	case errors.As(err, &authority):
		return authorityReason(err.UnverifiedCertificates)
	case strings.Contains(err.Error(), "signature check attempts limit"):
		return ReasonRule, RuleSignatures
	default:
		return ReasonRule, RuleOther
	}
}

func invalidReason(err x509.CertificateInvalidError) (Reason, Rule) {
	switch err.Reason {
	case x509.Expired:
		if err.Cert != nil && time.Now().Before(err.Cert.NotBefore) {
			return ReasonNotYetValid, ""
		}
		return ReasonExpired, ""
	case x509.IncompatibleUsage, x509.CANotAuthorizedForExtKeyUsage:
		return ReasonWrongUse, ""
	case x509.TooManyIntermediates:
		return ReasonRule, RulePathLength
	case x509.CANotAuthorizedForThisName, x509.NameConstraintsWithoutSANs, x509.UnconstrainedName, x509.TooManyConstraints:
		return ReasonRule, RuleNames
	case x509.NotAuthorizedToSign:
		return ReasonRule, RuleAuthority
	default:
		return ReasonRule, RuleOther
	}
}

// authorityReason returns why no trusted authority was found above what the server sent.
func authorityReason(sent []*x509.Certificate) (Reason, Rule) {
	leaf := sent[0]
	if isSelfIssued(leaf) {
		return ReasonSelfSigned, ""
	}
	top := leaf
	for range sent { // the chain may be in any order
		for _, cert := range sent {
			if !isSelfIssued(top) && bytes.Equal(cert.RawSubject, top.RawIssuer) {
				top = cert
			}
		}
	}
	switch {
	case weakSignature(leaf.SignatureAlgorithm), !isSelfIssued(top) && weakSignature(top.SignatureAlgorithm):
		return ReasonWeakSignature, ""
	case !isSelfIssued(top) && len(top.IssuingCertificateURL) > 0: // as every public authority writes it
		return ReasonIncomplete, ""
	default:
		return ReasonUntrusted, ""
	}
}

func isSelfIssued(cert *x509.Certificate) bool { return bytes.Equal(cert.RawIssuer, cert.RawSubject) }

func weakSignature(algorithm x509.SignatureAlgorithm) bool {
	switch algorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}

// issuerName returns the name of a certificate's issuer.
func issuerName(cert *x509.Certificate) string {
	issuer := cert.Issuer
	switch {
	case issuer.CommonName != "":
		return issuer.CommonName
	case len(issuer.Organization) > 0:
		return issuer.Organization[0]
	default:
		return issuer.String()
	}
}

// subjectName returns the name of a certificate's owner.
func subjectName(cert *x509.Certificate) string {
	if len(cert.DNSNames) > 0 {
		return cert.DNSNames[0]
	}
	return cert.Subject.CommonName
}
