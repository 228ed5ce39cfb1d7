package message_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/message"
)

// TestAuthoritySentences: each trouble with the file of an authority is called by its name,
// and the sentences have the file.
func TestAuthoritySentences(t *testing.T) {
	texts, err := message.New("en")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2020, 1, 2, 12, 0, 0, 0, time.Local)
	for _, c := range []struct {
		err  authclient.CAError
		want string
	}{
		{authclient.CAError{Err: authclient.ErrCANone}, "holds no certificate"},
		{authclient.CAError{Err: authclient.ErrCAExpired, From: from, Until: from.AddDate(3, 0, 0)}, "not valid today, but from 2020-01-02 to 2023-01-02"},
		{authclient.CAError{Err: authclient.ErrCAFolder}, "is a folder"},
		{authclient.CAError{Err: authclient.ErrCANotRegular}, "a device or a pipe"},
		{authclient.CAError{Err: authclient.ErrCATooLarge}, "larger than 1 MiB"},
		{authclient.CAError{Err: authclient.ErrCANotAuthority}, "of another server"},
		{authclient.CAError{Err: &fs.PathError{Err: fs.ErrNotExist}}, "does not exist"},
		{authclient.CAError{Err: &fs.PathError{Err: fs.ErrPermission}}, "may not read"},
		{authclient.CAError{Err: os.ErrDeadlineExceeded}, "cannot be read"},
	} {
		c.err.File = "/srv/ca.cer"
		if got := texts.Authority(&c.err); !strings.Contains(got, c.want) || !strings.Contains(got, "“/srv/ca.cer”") {
			t.Errorf("%v: %q, want %q", &c.err, got, c.want)
		}
	}
	if got := texts.Authority(&authclient.CAError{Err: fs.ErrNotExist}); strings.Contains(got, "“”") {
		t.Errorf("without a file: %q", got)
	}
	missing := &authclient.CAError{File: "/srv/ca.cer", Err: fs.ErrNotExist}
	for call, got := range map[string]string{"login": texts.Login(missing), "check": texts.Check(errors.Join(missing))} {
		if !strings.Contains(got, "“/srv/ca.cer” does not exist. ") || !strings.Contains(got, " not ") {
			t.Errorf("%s: %q", call, got)
		}
	}
}
