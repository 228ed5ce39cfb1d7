package authclient

// PublicRoot is publicRoot.
var PublicRoot = publicRoot

// Echoes reports whether a text repeats a secret that was sent.
func Echoes(sent Secret, text string) bool { return call{sent: sent}.echoes(text) }

// JudgeLogin returns what judgeLogin makes of an answer.
func JudgeLogin(status int, body []byte) (Secret, Outcome) {
	token, fail := judgeLogin(Secret{}, status, body)
	if fail != nil {
		return token, fail.Outcome
	}
	return token, OutcomeToken
}
