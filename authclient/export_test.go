package authclient

// JudgeLogin is the verdict on an answer to Login, for the fuzz target.
func JudgeLogin(status int, body []byte) (Secret, Outcome) {
	token, fail := judgeLogin(status, body)
	if fail != nil {
		return token, fail.Outcome
	}
	return token, OutcomeToken
}
