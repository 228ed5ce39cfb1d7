package backup

// SetWorkFactor makes passphrases cheap to try.
func SetWorkFactor(factor int) { workFactor = factor }

// Parse reads the text that is encrypted.
var Parse = parse
