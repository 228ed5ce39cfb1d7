//go:build windows || darwin

package clipboard

// copyMark is the kind of data, beside a copy, that tells whose it is: the process ID
// of the program that made it. [Sweep] looks for it.
const copyMark = "io.github.amarre.Amarre.copy"
