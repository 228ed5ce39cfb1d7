package authclient

import (
	"encoding/base64"
	"syscall"

	"github.com/alexbrainman/sspi"
	"golang.org/x/sys/windows"
)

// This file answers proxies with the credentials of the user who is signed in to Windows,
// through SSPI. The subpackages of package sspi would do the same, but ask the system about
// their scheme at every start of the program.

func init() {
	signedIn = func(scheme, proxyHost string) proxyAuth { return &sspiAuth{name: scheme, host: proxyHost} }
}

// maxSSPIToken is more than the largest token of Kerberos or NTLM (MaxTokenSize).
const maxSSPIToken = 64 << 10

// sspiAuth is Negotiate (RFC 4559) or NTLM with the signed-in user.
type sspiAuth struct {
	name, host string

	credentials *sspi.Credentials
	context     *sspi.Context
	done        bool
}

func (a *sspiAuth) scheme() string { return a.name }

func (a *sspiAuth) end() {
	if a.context != nil && a.context.Handle != nil {
		_ = a.context.Release()
	}
	if a.credentials != nil {
		_ = a.credentials.Release()
	}
}

func (a *sspiAuth) answer(parameters string) (string, error) {
	if a.credentials == nil {
		// Package sspi loads the library by its name alone; it is then the one of the system.
		if err := windows.NewLazySystemDLL("secur32.dll").Load(); err != nil {
			return "", errNoSignIn
		}
		name := sspi.NEGOSSP_NAME
		if a.name == schemeNTLM {
			name = sspi.NTLMSP_NAME
		}
		credentials, err := sspi.AcquireCredentials("", name, sspi.SECPKG_CRED_OUTBOUND, nil)
		if err != nil {
			return "", errNoSignIn
		}
		a.credentials = credentials
		a.context = sspi.NewClientContext(credentials, sspi.ISC_REQ_CONNECTION)
	} else if a.done || parameters == "" {
		return "", errRejected
	}
	challenge, err := base64.StdEncoding.DecodeString(parameters)
	if err != nil {
		return "", errRejected
	}
	token, err := a.next(challenge)
	if err != nil {
		return "", errNoSignIn
	}
	return a.name + " " + base64.StdEncoding.EncodeToString(token), nil
}

// next returns the next token of the context, for one of the proxy; challenge is empty at
// first.
func (a *sspiAuth) next(challenge []byte) ([]byte, error) {
	target, err := syscall.UTF16PtrFromString("HTTP/" + a.host) // for Kerberos; NTLM does not care
	if err != nil {
		return nil, err
	}
	var in, out [1]sspi.SecBuffer
	in[0].Set(sspi.SECBUFFER_TOKEN, challenge)
	out[0].Set(sspi.SECBUFFER_TOKEN, make([]byte, maxSSPIToken))
	buffers := sspi.NewSecBufferDesc(out[:])
	var received *sspi.SecBufferDesc
	if len(challenge) > 0 {
		received = sspi.NewSecBufferDesc(in[:])
	}
	switch status := a.context.Update(target, buffers, received); status {
	case sspi.SEC_E_OK:
		a.done = true
	case sspi.SEC_I_CONTINUE_NEEDED:
	case sspi.SEC_I_COMPLETE_NEEDED, sspi.SEC_I_COMPLETE_AND_CONTINUE:
		if status := sspi.CompleteAuthToken(a.context.Handle, buffers); status != sspi.SEC_E_OK {
			return nil, status
		}
	default:
		return nil, status
	}
	return out[0].Bytes(), nil
}
