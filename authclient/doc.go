// Package authclient is a client of the Log@pass web service: it gets the
// permanent token of one ERP at one port, and checks a token that is already
// there.
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
//	case authclient.OutcomeRefused: // port code OR ERP ID OR password: nobody is told which
//	default: // nothing was said about the credentials
//	}
//
// [Client.Account] asks the service which port a token belongs to; it reads
// only, so it is the way to check a stored token.
//
// Whatever a server sends, a call ends within its deadline with a token or with
// an [*Error] that has one [Outcome]. Only the service's own 401 is
// [OutcomeRefused]; a 401 from anything else is not a verdict on the
// credentials and is never reported as one.
//
// A password or a token is a [Secret] from one end to the other. [Secret.Reveal]
// is the only way to its text.
//
// The facts about the service come from its specification, docs/service.md; comments
// name its sections.
package authclient
