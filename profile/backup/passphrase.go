package backup

import (
	"crypto/rand"
	_ "embed"
	"math/big"
	"strings"

	"amarre/authclient"
)

// words are French words without accents, one a line, that can be told over the
// phone.
//
//go:embed words.txt
var words string

// NewPassphrase returns five random words joined by hyphens. The list has some
// 1,500 words, so a passphrase has 52 bits of entropy: with DefaultWorkFactor,
// trying them all takes one processor 10^8 years.
func NewPassphrase() authclient.Secret {
	list := strings.Fields(words)
	var picked [5]string
	for i := range picked {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(list))))
		if err != nil {
			panic(err) // rand.Reader never fails
		}
		picked[i] = list[n.Int64()]
	}
	return authclient.NewSecret(strings.Join(picked[:], "-"))
}
