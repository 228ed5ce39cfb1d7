package authclient

// PublicRoot is publicRoot.
var PublicRoot = publicRoot

// JudgeLogin returns what judgeLogin makes of an answer.
func JudgeLogin(status int, body []byte) (Secret, Outcome) {
	token, fail := judgeLogin(status, body)
	if fail != nil {
		return token, fail.Outcome
	}
	return token, OutcomeToken
}
