package backup

// Parse is parse.
var Parse = parse
