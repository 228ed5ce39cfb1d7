// Package fileperm tells whether only administrators can have written a path. What
// is read from such a path may be trusted for every user of the computer: a policy, a
// library to load.
//
// Check a file with [AdminOnly] and the folder that holds it with [AdminOnlyDir]. On
// Unix an administrator is root; on Windows it is the group Administrators, the system
// or TrustedInstaller.
package fileperm
