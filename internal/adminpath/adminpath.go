// Package adminpath tells whether a file or a folder can have been written by
// administrators alone. What is read from there may be trusted for every user of the
// computer: a policy, a library to load.
//
//	adminpath.OnlyAdministratorsWrite(file)      nobody else can change it or, in a folder, add to it
//	adminpath.OnlyAdministratorsReplace(folder)  nobody else can take away or replace what is in it
package adminpath
