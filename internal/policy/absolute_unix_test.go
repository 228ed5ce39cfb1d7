//go:build unix

package policy

const absolute = "/etc/ssl/inspection.pem"
