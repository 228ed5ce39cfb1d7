//go:build networks

// Package networks runs the program through real web servers, proxies and name servers,
// beside curl, and checks whom it blames. The servers are Debian's; .ci/with-network gives
// them a network of their own:
//
//	.ci/with-network go test -count=1 -tags networks ./e2e/networks
//
// With AMARRE_TABLE=FILE it also writes the table of docs/networks.md there.
package networks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// password is the service's; that of the proxies is secret too.
const (
	password      = "FourniParDataComSys"
	proxyPassword = "proxy-canary"
	user          = "games" // of the system, which SOCKS and NTLM need
)

// network is one network.
type network struct {
	name    string
	service string   // its address
	proxy   string   // "" for none
	args    []string // further arguments of login and diagnose
	outcome string   // of login, with its reason: "proxy gateway"
	says    string   // a part of the failing, or last, line of diagnose
	curl    []string // further arguments of curl
	before  func(*testing.T)
}

func TestNetworks(t *testing.T) {
	lab := newLab(t)
	nginx := lab.nginx()
	lab.samba()
	open, basic, digest, ntlm := lab.squid("", 3128), lab.squid("basic", 3129), lab.squid("digest", 3130), lab.squid("ntlm", 3131)
	lab.dante()
	lab.mitmproxy()
	lab.cntlm()
	names := lab.nameServers()
	with := func(proxy, password string) string {
		scheme, address, _ := strings.Cut(proxy, "://")
		return scheme + "://" + user + ":" + password + "@" + address
	}
	ok := nginx["HTTP/1.1"]
	closed := "https://service.test:1"
	dropper := lab.relay(ok, func(first []byte) (drop bool) { return len(first) > 1400 }, 0)
	slow := lab.relay(ok, nil, 1500*time.Millisecond)
	silent := lab.silent()
	inspected := []string{"--ca", filepath.Join(lab.dir, "mitm", "mitmproxy-ca-cert.pem")}
	const token = "token"

	cases := []network{
		{name: "nginx, HTTP/1.1", service: ok, outcome: token, says: "Log@pass"},
		{name: "nginx, HTTP/2", service: nginx["HTTP/2"], outcome: token, says: "Log@pass"},
		{name: "nginx, 500 with a page", service: nginx["500"], outcome: "service-error", says: "HTTP 500"},
		{name: "nginx, 503 with Retry-After", service: nginx["503"], outcome: "service-error", says: "wait 2 minutes"},
		{name: "nginx, 511", service: nginx["511"], outcome: "not-the-service portal", says: "Wi-Fi portal"},
		{name: "nginx, redirect to a portal", service: nginx["302"], outcome: "redirected", says: "https://portal.test/login"},
		{name: "certificate expired", service: nginx["expired"], outcome: "tls expired", says: "has expired"},
		{name: "certificate for another name", service: nginx["other name"], outcome: "tls wrong-host", says: "portal.test"},
		{name: "chain without its intermediate", service: nginx["no intermediate"], outcome: "tls incomplete-chain", says: "chain is incomplete"},
		{name: "certificate signed by itself", service: nginx["self-signed"], outcome: "tls self-signed", says: "signed its own certificate"},
		{name: "RSA of 1,024 bits", service: nginx["short key"], outcome: "tls weak-key", says: "too short"},
		{name: "RSA key exchange alone", service: nginx["RSA key exchange"], outcome: "tls outdated", says: "outdated"},
		{name: "no TLS", service: strings.Replace(nginx["plain"], "http:", "https:", 1), outcome: "tls protocol", says: "No encrypted connection"},
		{name: "nothing listens", service: closed, outcome: "unreachable refused", says: "nothing listens"},
		{name: "silent after TCP", service: "https://" + silent, args: []string{"--timeout", "3s"}, outcome: "timeout no-handshake", says: "Encryption"},
		{name: "large ClientHello dropped", service: dropper, outcome: token, says: "large TLS hello"},
		{name: "link with 3 s of delay", service: slow, args: []string{"--timeout", "120s"}, outcome: token, says: "Log@pass"},
		{name: "name that is not known", service: "https://unknown.test", outcome: "unreachable unknown-name", says: "unknown.test is not known"},
		{name: "name server that is silent", service: "https://unknown.test", args: []string{"--timeout", "3s"}, outcome: "unreachable silent-names", says: "does not answer", before: names},

		{name: "squid", service: ok, proxy: open, outcome: token, says: "Log@pass"},
		{name: "squid, service closed", service: closed, proxy: open, outcome: "proxy gateway", says: "could not reach the service (HTTP 503)"},
		{name: "squid, unknown name", service: "https://unknown.test", proxy: open, outcome: "proxy gateway", says: "Check the service address"},
		{name: "squid, forbidden", service: "https://forbidden.test", proxy: open, outcome: "proxy forbidden", says: "HTTP 403"},
		{name: "squid that is not there", service: ok, proxy: "http://127.0.0.1:2", outcome: "proxy unreachable", says: "cannot be reached"},
		{name: "squid, Basic", service: ok, proxy: with(basic, proxyPassword), outcome: token, says: "Log@pass"},
		{name: "squid, Basic, wrong password", service: ok, proxy: with(basic, "wrong"), outcome: "proxy password-wrong", says: "(Basic)"},
		{name: "squid, Basic, no password", service: ok, proxy: basic, outcome: "proxy password-missing", says: "none is known"},
		{name: "squid, Digest", service: ok, proxy: with(digest, proxyPassword), outcome: token, says: "Log@pass", curl: []string{"--proxy-digest"}},
		{name: "squid, Digest, wrong password", service: ok, proxy: with(digest, "wrong"), outcome: "proxy password-wrong", says: "(Digest)", curl: []string{"--proxy-digest"}},
		{name: "squid, NTLM of Samba", service: ok, proxy: with(ntlm, proxyPassword), outcome: token, says: "Log@pass", curl: []string{"--proxy-ntlm"}},
		{name: "squid, NTLM, wrong password", service: ok, proxy: with(ntlm, "wrong"), outcome: "proxy password-wrong", says: "(NTLM)", curl: []string{"--proxy-ntlm"}},
		{name: "squid, NTLM, no password", service: ok, proxy: ntlm, outcome: "proxy password-missing", says: "(NTLM)"},
		{name: "cntlm before squid with NTLM", service: ok, proxy: "http://127.0.0.1:3140", outcome: token, says: "Log@pass"},
		{name: "dante, SOCKS 5", service: ok, proxy: "socks5h://127.0.0.1:1080", outcome: token, says: "Log@pass"},
		{name: "dante, service closed", service: closed, proxy: "socks5h://127.0.0.1:1080", outcome: "proxy gateway", says: "could not reach the service"},
		{name: "dante, forbidden", service: "https://forbidden.test", proxy: "socks5h://127.0.0.1:1080", outcome: "proxy forbidden", says: "forbids"},
		{name: "dante, password", service: ok, proxy: with("socks5h://127.0.0.1:1081", proxyPassword), outcome: token, says: "Log@pass"},
		{name: "dante, wrong password", service: ok, proxy: with("socks5h://127.0.0.1:1081", "wrong"), outcome: "proxy password-wrong", says: "SOCKS 5"},
		{name: "dante, no password", service: ok, proxy: "socks5h://127.0.0.1:1081", outcome: "proxy password-missing", says: "none is known"},
		{name: "HTTP proxy taken for SOCKS", service: ok, proxy: strings.Replace(open, "http:", "socks5h:", 1), args: []string{"--timeout", "5s"}, outcome: "proxy", says: open[len("http://"):]},
		{name: "SOCKS taken for an HTTP proxy", service: ok, proxy: "http://127.0.0.1:1080", args: []string{"--timeout", "5s"}, outcome: "proxy", says: "127.0.0.1:1080"},
		{name: "proxy that is silent", service: ok, proxy: "http://" + silent, args: []string{"--timeout", "3s"}, outcome: "proxy silent", says: "did not answer"},
		{name: "mitmproxy, authority not known", service: ok, proxy: "http://127.0.0.1:8180", outcome: "tls untrusted", says: "mitmproxy"},
		{name: "mitmproxy, authority added", service: ok, proxy: "http://127.0.0.1:8180", args: inspected, outcome: token, says: "Log@pass", curl: []string{"--cacert", inspected[1]}},
		{name: "mitmproxy, service closed", service: closed, proxy: "http://127.0.0.1:8180", args: inspected, outcome: "proxy gateway", says: "HTTP 502"},
	}
	table := "| network | login | the connection test says | curl |\n|---|---|---|---|\n"
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.before != nil {
				c.before(t)
			}
			outcome, status := lab.login(t, c)
			said := lab.diagnose(t, c)
			if outcome != c.outcome && !(c.outcome == "proxy" && strings.HasPrefix(outcome, "proxy ")) {
				t.Errorf("login: %s, want %s", outcome, c.outcome)
			}
			if !strings.Contains(said, c.says) {
				t.Errorf("the connection test says %q, want %q", said, c.says)
			}
			table += fmt.Sprintf("| %s | `%s`, status %d | %s | %s |\n", c.name, outcome, status, shownLine(said), lab.curl(t, c))
		})
	}
	if file := os.Getenv("AMARRE_TABLE"); file != "" && !t.Failed() {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, _, found := strings.Cut(string(page), "<!-- table -->\n")
		if !found {
			t.Fatalf("%s has no place for the table", file)
		}
		if err := os.WriteFile(file, []byte(head+"<!-- table -->\n"+table), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shownLine makes a line of a connection test the same in every run.
func shownLine(line string) string {
	line = regexp.MustCompile(`\d+\x{a0}ms`).ReplaceAllString(line, "…\u00a0ms")
	line = regexp.MustCompile(`127\.0\.0\.1:\d{5}`).ReplaceAllString(line, "127.0.0.1:…")
	return strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(line), "|", "\\|"), "\n", " ")
}

// environment is that of a program: nothing but the proxy.
func (l *lab) environment(c network) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + l.dir, "LANG=C.UTF-8"}
	if c.proxy != "" {
		env = append(env, "HTTPS_PROXY="+c.proxy)
	}
	return env
}

func (l *lab) login(t *testing.T, c network) (outcome string, status int) {
	t.Helper()
	args := []string{"login", "--json", "--lang", "en", "--service", c.service, "--port", "MTP", "--erp", "15", "--password-stdin"}
	out, errs, status := l.run(t, c, append(args, l.trusting(c)...))
	var answer struct{ Outcome, Reason, Token string }
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatalf("login printed %q, %q", out, errs)
	}
	for _, secret := range []string{password, proxyPassword} {
		if strings.Contains(out+errs, secret) {
			t.Error("login printed a password")
		}
	}
	return strings.TrimSpace(answer.Outcome + " " + answer.Reason), status
}

// diagnose returns the line of a step that failed, else one about a hello, else the last one.
func (l *lab) diagnose(t *testing.T, c network) string {
	t.Helper()
	out, errs, _ := l.run(t, c, append([]string{"diagnose", "--lang", "en", "--service", c.service}, l.trusting(c)...))
	if strings.Contains(out+errs, proxyPassword) {
		t.Error("diagnose printed the proxy's password")
	}
	last := ""
	for line := range strings.Lines(out) {
		line = strings.ReplaceAll(strings.TrimSpace(line), "(HTTP\u00a0", "(HTTP ")
		switch {
		case strings.HasPrefix(line, "✗"), strings.Contains(line, "large TLS hello"):
			return line
		case strings.HasPrefix(line, "✓ Service"):
			last = line
		}
	}
	return last
}

func (l *lab) trusting(c network) []string {
	if slices.Contains(c.args, "--ca") {
		return c.args
	}
	return append([]string{"--ca", filepath.Join(l.dir, "root.pem")}, c.args...)
}

// run runs the program.
func (l *lab) run(t *testing.T, c network, args []string) (out, errs string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, l.program, args...)
	command.Env, command.Stdin = l.environment(c), strings.NewReader(password)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), command.ProcessState.ExitCode()
}

// curl returns how curl ended: its status, and the answer's.
func (l *lab) curl(t *testing.T, c network) string {
	t.Helper()
	limit := "60"
	if i := slices.Index(c.args, "--timeout"); i >= 0 {
		limit = strings.TrimSuffix(c.args[i+1], "s")
	}
	args := []string{"-s", "-S", "-o", "/dev/null", "-w", "%{http_code}", "-m", limit, "--cacert", filepath.Join(l.dir, "root.pem"), "-d", "{}", c.service + "/Auth/Login"}
	command := exec.Command("curl", append(args, c.curl...)...)
	command.Env = l.environment(c)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err == nil {
		return "HTTP " + string(out)
	}
	text, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
	return shownLine(strings.ReplaceAll(text, proxyPassword, "…"))
}

// lab runs servers until the end of the test.
type lab struct {
	t       *testing.T
	dir     string
	program string
}

func newLab(t *testing.T) *lab {
	t.Helper()
	if os.Getuid() != 0 {
		t.Fatal("run it as root, with .ci/with-network")
	}
	dir, err := os.MkdirTemp("", "networks") // the servers' users go through it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	l := &lab{t: t, dir: dir, program: filepath.Join(dir, "amarre")}
	build := exec.Command("go", "build", "-o", l.program, "../..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	l.write("/etc/hosts", "127.0.0.1 localhost service.test portal.test\n127.0.0.3 forbidden.test\n")
	return l
}

// write writes a file of the lab, or one of the namespace.
func (l *lab) write(name, content string) string {
	l.t.Helper()
	if !filepath.IsAbs(name) {
		name = filepath.Join(l.dir, name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		l.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		l.t.Fatal(err)
	}
	return name
}

// do runs a command to its end, and returns what it printed.
func (l *lab) do(name string, args ...string) string {
	l.t.Helper()
	command := exec.Command(name, args...)
	out, err := command.CombinedOutput()
	if err != nil {
		l.t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// start starts a server, and returns when it listens at the ports.
func (l *lab) start(ports []int, name string, args ...string) {
	l.t.Helper()
	log := l.startProcess(name, args...)
	for _, port := range ports {
		l.awaitPort(port, log)
	}
}

// startProcess starts a server, and returns the file of what it prints.
func (l *lab) startProcess(name string, args ...string) string {
	l.t.Helper()
	command := exec.Command(name, args...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := os.CreateTemp(l.dir, name+"-*.log")
	if err != nil {
		l.t.Fatal(err)
	}
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		l.t.Fatalf("%s: %v", name, err)
	}
	l.t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		_ = command.Wait()
		_ = log.Close()
	})
	return log.Name()
}

// awaitPort returns when somebody listens.
func (l *lab) awaitPort(port int, log string) {
	l.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(end) {
			content, _ := os.ReadFile(log)
			l.t.Fatalf("nobody listens at %d\n%s", port, content)
		}
	}
}

// silent listens and says nothing.
func (l *lab) silent() string {
	return l.listen(func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
}

// listen serves each connection of a port.
func (l *lab) listen(serve func(net.Conn)) string {
	l.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); serve(conn) }()
		}
	}()
	return listener.Addr().String()
}

// relay passes connections on to a service, each piece after a delay; it drops those whose
// first bytes are such. It returns the address of the service behind it.
func (l *lab) relay(service string, drop func(first []byte) bool, delay time.Duration) string {
	to := strings.TrimPrefix(service, "https://service.test")
	address := l.listen(func(conn net.Conn) {
		first := make([]byte, 16<<10)
		n, _ := conn.Read(first)
		if n == 0 || drop != nil && drop(first[:n]) {
			_, _ = io.Copy(io.Discard, conn)
			return
		}
		up, err := net.Dial("tcp", "127.0.0.1"+to)
		if err != nil {
			return
		}
		defer up.Close()
		time.Sleep(delay)
		_, _ = up.Write(first[:n])
		var both sync.WaitGroup
		pass := func(to, from net.Conn) {
			piece := make([]byte, 16<<10)
			for {
				n, err := from.Read(piece)
				time.Sleep(delay)
				if n > 0 {
					if _, err := to.Write(piece[:n]); err != nil {
						return
					}
				}
				if err != nil {
					_ = to.(*net.TCPConn).CloseWrite()
					return
				}
			}
		}
		both.Go(func() { pass(up, conn) })
		both.Go(func() { pass(conn, up) })
		both.Wait()
	})
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		l.t.Fatal(err)
	}
	return "https://service.test:" + port
}
