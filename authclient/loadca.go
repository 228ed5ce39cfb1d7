package authclient

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// ErrCAFile means that a file cannot be read or has no certificate.
var ErrCAFile = errors.New("no certificate can be read from the file")

// LoadCA returns the system's certificates and those of PEM files, for
// [Options.RootCAs] on a network that inspects connections. Empty names are
// skipped; without a file LoadCA returns nil. The error wraps [ErrCAFile].
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
