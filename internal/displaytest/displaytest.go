// Package displaytest starts X servers for tests.
package displaytest

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Start starts Xvfb with the arguments, and returns its display, ":12". The server ends with
// the test.
func Start(t testing.TB, args ...string) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	// Without -noreset the server starts again when its last client leaves, and refuses
	// whoever connects meanwhile.
	server := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-noreset", "-nolisten", "tcp"}, args...)...)
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	// A killed server would leave its socket to the next one of its number.
	t.Cleanup(func() { _ = server.Process.Signal(syscall.SIGTERM); _ = server.Wait() })
	number, err := bufio.NewReader(read).ReadString('\n') // the server dies of a pipe closed too early
	if err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}
