package authclient

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// ErrCAFile: the file of an extra authority cannot be read or holds no
// certificate.
var ErrCAFile = errors.New("no certificate can be read from the file")

// LoadCA returns the system's trust store with the certificates of PEM files added:
// what a network that inspects connections needs. "" is no file; without any it
// gives nil, which is the system's store alone. The error is [ErrCAFile].
func LoadCA(files ...string) (*x509.CertPool, error) {
	var pool *x509.CertPool
	for _, file := range files {
		if file == "" {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCAFile, err)
		}
		if pool == nil {
			if pool, err = x509.SystemCertPool(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrCAFile, err)
			}
		}
		if !pool.AppendCertsFromPEM(content) {
			return nil, ErrCAFile
		}
	}
	return pool, nil
}
