// Package authclient is a client of the Log@pass web service. It gets the
// permanent token of one ERP at one port, and checks tokens.
//
// Parse the address that DataComSys gave, make a [Client], and call [Client.Login].
// Amarre itself makes its clients with package service, which applies the policy.
//
//	address, err := authclient.ParseAddress("https://logapass.example/service")
//	…
//	client := authclient.New(address, authclient.Options{})
//	token, err := client.Login(ctx, authclient.Credentials{
//		PortCode: "MTP", ERPID: 15, Password: authclient.NewSecret(typed),
//	})
//	switch authclient.OutcomeOf(err) {
//	case authclient.OutcomeToken: // token.Reveal() goes into the header Authorization
//	case authclient.OutcomeRefused: // wrong port code, ERP ID or password: the service does not say which
//	default: // the service did not judge the credentials
//	}
//
// [Client.Account] asks the service which port a token belongs to. It changes
// nothing, so use it to check a stored token.
//
// Whatever a server sends, a call ends within its deadline with a result or with
// an [*Error], which has one [Outcome], or with a [*CAError]. Only the service's own 401 is
// [OutcomeRefused]; a 401 from another server is never reported as one.
//
// A text of the server that repeats the password or the token of the call, in any of the
// usual escapes, is left out of the result.
//
// Passwords and tokens are [Secret] values. Only [Secret.Reveal] returns the text.
//
// The facts about the service come from its specification, docs/service.md; comments
// name its sections.
package authclient
