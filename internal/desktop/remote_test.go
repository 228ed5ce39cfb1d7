//go:build !windows

package desktop

import "testing"

func TestIsRemote(t *testing.T) {
	for _, name := range append([]string{"SSH_CONNECTION"}, remoteSessions...) {
		t.Setenv(name, "")
	}
	for _, c := range []struct {
		name, value, display string
		want                 bool
	}{
		{"", "", ":0", false},
		{"XRDP_SESSION", "1", ":10", true},
		{"CHROME_REMOTE_DESKTOP_SESSION", "1", ":20", true},
		{"SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22", "localhost:10.0", true},
		{"SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22", ":0", false},
		{"", "", "localhost:10.0", false},
	} {
		t.Run(c.name+c.display, func(t *testing.T) {
			t.Setenv("DISPLAY", c.display)
			if c.name != "" {
				t.Setenv(c.name, c.value)
			}
			if got := IsRemote(); got != c.want {
				t.Errorf("%s=%s on %s is remote: %v", c.name, c.value, c.display, got)
			}
		})
	}
}
