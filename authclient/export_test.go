package authclient

// PublicRoot is what StepTLS says of who signed, for the test with real roots.
var PublicRoot = publicRoot

// JudgeLogin is the verdict on an answer to Login, for the fuzz target.
func JudgeLogin(status int, body []byte) (Secret, Outcome) {
	token, fail := judgeLogin(status, body)
	if fail != nil {
		return token, fail.Outcome
	}
	return token, OutcomeToken
}
