package authclient

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// This file reads certificate authorities from files, as Windows and others export them.

// maxCAFile limits the file of an authority; that of all public ones has about 220 KiB.
const maxCAFile = 1 << 20

// CAError says that the file of a certificate authority cannot be used. If it is the error
// of a call, nothing was sent.
type CAError struct {
	File string // "" if it is not known

	// The first and the last moment at which a certificate of the file is valid;
	// zero but for ErrCAExpired.
	From, Until time.Time

	Err error // one of the values below, or that of opening or reading the file
}

// What is wrong with the file of an authority.
var (
	ErrCAFolder       = errors.New("a folder")
	ErrCANotRegular   = errors.New("not a regular file")
	ErrCATooLarge     = errors.New("larger than 1 MiB")
	ErrCANone         = errors.New("there is no certificate")
	ErrCAUnreadable   = errors.New("there is a certificate that cannot be read")
	ErrCAExpired      = errors.New("no certificate is valid now")
	ErrCANotAuthority = errors.New("the certificates are neither of an authority nor of the service")
)

// Error returns the file and the reason.
func (e *CAError) Error() string {
	return fmt.Sprintf("certificate authority %q: %v", e.File, e.Err)
}

// Unwrap returns the reason.
func (e *CAError) Unwrap() error { return e.Err }

// ParseAuthorities returns the certificates of a file, in their order: PEM, with other
// blocks and text around them, in UTF-8 or UTF-16; DER; PKCS #7 (.p7b), in PEM or DER.
// What cannot be read is skipped. Without a certificate the error is [ErrCANone], or
// [ErrCAUnreadable] with the reason if there is one that breaks a rule of its form.
//
// The certificates may be expired, and need not be of authorities.
func ParseAuthorities(content []byte) ([]*x509.Certificate, error) {
	certs := parseDER(content)
	if len(certs) == 0 {
		certs = parsePEM(content)
	}
	if len(certs) == 0 {
		return nil, noCertificate(content)
	}
	return certs, nil
}

// noCertificate returns why a file has no certificate that can be read.
func noCertificate(content []byte) error {
	der := content
	for block, rest := pem.Decode(decodeUTF16(content)); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, "CERTIFICATE") {
			der = block.Bytes
			break
		}
	}
	var outer struct { // Certificate (RFC 5280, section 4.1)
		TBS       asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return ErrCANone
	}
	if _, err := x509.ParseCertificate(der); err != nil {
		return fmt.Errorf("%w: %w", ErrCAUnreadable, err)
	}
	return ErrCANone
}

// ReadAuthorities is [ParseAuthorities] for what r gives, of 1 MiB at most. The error is
// also ErrCATooLarge, or that of r.
func ReadAuthorities(r io.Reader) ([]*x509.Certificate, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxCAFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > maxCAFile:
		return nil, ErrCATooLarge
	}
	return ParseAuthorities(content)
}

// readCAFile reads a regular file. It never waits for the other end of a pipe, but may for
// a network.
func readCAFile(path string) ([]*x509.Certificate, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, ErrCAFolder
	case !info.Mode().IsRegular():
		return nil, ErrCANotRegular
	}
	return ReadAuthorities(file)
}

// parsePEM returns the certificates in the blocks of a text. certutil writes PKCS #7 in
// blocks that are named CERTIFICATE.
func parsePEM(text []byte) []*x509.Certificate {
	var certs []*x509.Certificate
	for block, rest := pem.Decode(decodeUTF16(text)); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PKCS7", "PKCS #7 SIGNED DATA", "CMS":
			certs = append(certs, parseDER(block.Bytes)...)
		}
	}
	return certs
}

// decodeUTF16 returns a text in UTF-8, without a byte order mark. A text of PEM that is
// UTF-16 without a mark has a zero in its first two bytes.
func decodeUTF16(text []byte) []byte {
	from := encoding.Nop
	switch {
	case len(text) > 1 && text[0] != 0 && text[1] == 0:
		from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case len(text) > 1 && text[0] == 0 && text[1] != 0:
		from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	decoded, _, err := transform.Bytes(unicode.BOMOverride(from.NewDecoder()), text)
	if err != nil {
		return text
	}
	return decoded
}

// parseDER returns the certificates of DER: one or more, or PKCS #7. It ends at what is
// neither, such as what OpenSSL adds to a certificate that it trusts.
func parseDER(der []byte) []*x509.Certificate {
	var certs []*x509.Certificate
	for {
		var element asn1.RawValue
		rest, err := asn1.Unmarshal(der, &element)
		if err != nil || element.Class != asn1.ClassUniversal || element.Tag != asn1.TagSequence {
			return certs
		}
		found := parsePKCS7(element.FullBytes)
		if cert, err := x509.ParseCertificate(element.FullBytes); err == nil {
			found = append(found, cert)
		}
		if len(found) == 0 {
			return certs
		}
		certs, der = append(certs, found...), rest
	}
}

// oidSignedData is SignedData of RFC 2315, section 14.
var oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}

// parsePKCS7 returns the certificates of PKCS #7 in DER (RFC 2315, sections 7 and 9.1). A
// .p7b file signs nothing, so that there is no signature to verify.
func parsePKCS7(der []byte) []*x509.Certificate {
	var info struct {
		Type    asn1.ObjectIdentifier
		Content struct {
			Version      int
			Digests      asn1.RawValue
			Signed       asn1.RawValue
			Certificates asn1.RawValue `asn1:"optional,tag:0"`
			Revoked      asn1.RawValue `asn1:"optional,tag:1"`
			Signers      asn1.RawValue
		} `asn1:"explicit,tag:0"`
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil || !info.Type.Equal(oidSignedData) {
		return nil
	}
	var certs []*x509.Certificate
	for rest := info.Content.Certificates.Bytes; len(rest) > 0; {
		var element asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &element); err != nil {
			break
		}
		if cert, err := x509.ParseCertificate(element.FullBytes); err == nil {
			certs = append(certs, cert)
		}
	}
	return certs
}
