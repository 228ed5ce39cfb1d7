package message

import (
	"errors"
	"io/fs"
	"syscall"

	"amarre/authclient"
)

// Authority says why the file of a certificate authority cannot be used.
func (t *Texts) Authority(err *authclient.CAError) string {
	if err.File == "" {
		return t.T("error.ca_unnamed")
	}
	key := keyFor(err, "error.ca_unreadable", []class{
		{authclient.ErrCANone, "error.ca"},
		{authclient.ErrCAUnreadable, "error.ca_unreadable_certificate"},
		{authclient.ErrCAExpired, "error.ca_expired"},
		{authclient.ErrCAFolder, "error.ca_folder"},
		{authclient.ErrCANotAuthority, "error.ca_not_authority"},
		{authclient.ErrCANotRegular, "error.ca_not_regular"},
		{authclient.ErrCATooLarge, "error.ca_too_large"},
		{fs.ErrNotExist, "error.ca_missing"},
		{syscall.ENOTDIR, "error.ca_missing"},
		{fs.ErrPermission, "error.ca_rights"},
	})
	date := t.T("date.short")
	return t.T(key, "File", err.File, "From", err.From.Local().Format(date), "Until", err.Until.Local().Format(date))
}

// authorityOf returns the error of the file of an authority that err holds, or nil.
func authorityOf(err error) *authclient.CAError {
	var e *authclient.CAError
	errors.As(err, &e)
	return e
}
