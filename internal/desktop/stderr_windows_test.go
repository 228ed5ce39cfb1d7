package desktop

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// The exit statuses with which this test, started again, says what Stderr returned.
const (
	isBox = iota + 10
	isConsoleOrBox
	isStderr
)

const envStderr = "AMARRE_TEST_STDERR"

// TestStderr: a message box is for a program with a window that nobody hears else.
func TestStderr(t *testing.T) {
	if detached := os.Getenv(envStderr); detached != "" {
		switch Stderr(detached == "detached").(type) {
		case messageBox:
			os.Exit(isBox)
		case consoleOrBox:
			os.Exit(isConsoleOrBox)
		default:
			os.Exit(isStderr)
		}
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	console := filepath.Join(t.TempDir(), "desktop.com")
	if err := os.WriteFile(console, content, 0o700); err != nil {
		t.Fatal(err)
	}
	read, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer pipe.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()

	for _, c := range []struct {
		name, program, detached string
		stderr                  *os.File // nil for none
		want                    int
	}{
		{"none, as from the desktop", program, "no", nil, isBox},
		{"a pipe", program, "no", pipe, isStderr},
		{"a file", program, "no", file, isStderr},
		{"NUL", program, "no", null, isConsoleOrBox},
		{"NUL, of a program that was started again", program, "detached", null, isBox},
		{"a pipe, of a program that was started again", program, "detached", pipe, isBox},
		{"none, of amarre.com", console, "no", nil, isStderr},
		{"a pipe, of amarre.com", console, "no", pipe, isStderr},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(envStderr, c.detached)
			files := make([]uintptr, 3)
			if c.stderr != nil {
				files[2] = c.stderr.Fd()
			}
			_, handle, err := syscall.StartProcess(c.program, []string{c.program, "-test.run=^TestStderr$"}, &syscall.ProcAttr{Env: os.Environ(), Files: files})
			if err != nil {
				t.Fatal(err)
			}
			defer syscall.CloseHandle(syscall.Handle(handle))
			if _, err := syscall.WaitForSingleObject(syscall.Handle(handle), syscall.INFINITE); err != nil {
				t.Fatal(err)
			}
			var got uint32
			if err := syscall.GetExitCodeProcess(syscall.Handle(handle), &got); err != nil {
				t.Fatal(err)
			}
			if got != uint32(c.want) {
				t.Errorf("the status is %d, want %d", got, c.want)
			}
		})
	}
}

// TestConsoleThatTakesNothing: what a console takes is not shown as well.
func TestConsoleThatTakesNothing(t *testing.T) {
	var console bytes.Buffer
	if n, err := (consoleOrBox{&console}).Write([]byte("why\n")); n != 4 || err != nil || console.String() != "why\n" {
		t.Errorf("the console has %q, %d, %v", console.String(), n, err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if n, err := (consoleOrBox{null}).Write([]byte("why\n")); n != 4 || err != nil {
		t.Errorf("NUL takes %d bytes, %v", n, err)
	}
}

func TestSentence(t *testing.T) {
	for message, want := range map[string]string{
		"amarre: no window\n":                 "No window",
		"amarre\u00a0: écran\u00a0: absent\n": "Écran\u00a0: absent",
		"See “amarre --help”.\n":              "See “amarre --help”.",
		"list: broken\n":                      "List: broken",
		"\n":                                  "",
	} {
		if got := sentence(message); got != want {
			t.Errorf("%q becomes %q, want %q", message, got, want)
		}
	}
}
