//go:build networks

package networks

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pair is a certificate with its key, in files of the lab.
type pair struct {
	cert      *x509.Certificate
	key       crypto.Signer
	pem       string
	file      string // of the certificate, with its chain for a server
	keyInFile string
}

// issue makes a certificate that p signs; a nil one signs itself.
func (l *lab) issue(p *pair, name string, template x509.Certificate, bits int) *pair {
	l.t.Helper()
	var key crypto.Signer
	var err error
	if bits > 0 {
		key, err = rsa.GenerateKey(rand.Reader, bits)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	number, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		l.t.Fatal(err)
	}
	template.SerialNumber, template.Subject = number, pkix.Name{CommonName: name}
	template.NotBefore = time.Now().Add(-48 * time.Hour)
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(24 * time.Hour)
	}
	parent, by := &template, key
	if p != nil {
		parent, by = p.cert, p.key
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, parent, key.Public(), by)
	if err != nil {
		l.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		l.t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		l.t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	base := strings.ReplaceAll(name, " ", "-")
	return &pair{
		cert: cert, key: key, pem: text, file: l.write(base+".pem", text),
		keyInFile: l.write(base+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))),
	}
}

// nginx starts the services, and returns their addresses by what is special about them.
func (l *lab) nginx() map[string]string {
	authority := x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	server := func(names ...string) x509.Certificate {
		return x509.Certificate{DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IssuingCertificateURL: []string{"http://ca.test/middle.crt"}}
	}
	root := l.issue(nil, "Lab Root", authority, 0)
	l.write("root.pem", root.pem)
	middle := l.issue(root, "Lab Middle", authority, 0)
	good := l.issue(middle, "good", server("service.test", "forbidden.test"), 0)
	chain := l.write("chain.pem", good.pem+middle.pem)
	expired := server("service.test")
	expired.NotAfter = time.Now().Add(-time.Hour)
	old := l.issue(root, "expired", expired, 0)
	other := l.issue(root, "other", x509.Certificate{DNSNames: []string{"portal.test"}}, 0)
	self := l.issue(nil, "service.test", server("service.test"), 0)
	short := l.issue(root, "short", server("service.test"), 1024)
	long := l.issue(root, "long", server("service.test"), 2048)

	const answer = `location /Auth/Login { default_type application/json; return 200 '{"status":200,"msg":"Authentification OK","data":{"token":"LAB-TOKEN"}}'; }
		location /account { default_type application/json; return 401 '{"status":401,"msg":"","data":null}'; }`
	addresses := map[string]string{}
	conf, port, ports := "", 8441, []int{}
	add := func(name, options, file, key, what string) {
		scheme := "https"
		certificate := fmt.Sprintf("ssl_certificate %s; ssl_certificate_key %s;", file, key)
		if file == "" {
			scheme, certificate = "http", ""
		}
		conf += fmt.Sprintf("server { listen 127.0.0.1:%d %s; %s %s }\n", port, options, certificate, what)
		addresses[name] = fmt.Sprintf("%s://service.test:%d", scheme, port)
		ports = append(ports, port)
		port++
	}
	always := func(status string) string { return "location / { return " + status + "; }" }
	add("HTTP/1.1", "ssl", chain, good.keyInFile, answer)
	add("HTTP/2", "ssl http2", chain, good.keyInFile, answer)
	add("500", "ssl", chain, good.keyInFile, always("500"))
	add("503", "ssl", chain, good.keyInFile, "add_header Retry-After 120 always; "+always("503"))
	add("511", "ssl", chain, good.keyInFile, always("511"))
	add("302", "ssl", chain, good.keyInFile, always("302 https://portal.test/login?session=1"))
	add("expired", "ssl", old.file, old.keyInFile, answer)
	add("other name", "ssl", other.file, other.keyInFile, answer)
	add("no intermediate", "ssl", good.file, good.keyInFile, answer)
	add("self-signed", "ssl", self.file, self.keyInFile, answer)
	add("short key", "ssl", short.file, short.keyInFile, "ssl_ciphers ALL:@SECLEVEL=0; "+answer)
	add("RSA key exchange", "ssl", long.file, long.keyInFile, "ssl_protocols TLSv1.2; ssl_ciphers AES128-GCM-SHA256; "+answer)
	add("plain", "", "", "", answer)
	file := l.write("nginx.conf", fmt.Sprintf("daemon off; user root; pid %[1]s/nginx.pid; error_log %[1]s/nginx.log;\nevents {}\nhttp { access_log off; client_body_temp_path %[1]s/nginx-body; proxy_temp_path %[1]s/nginx-proxy; fastcgi_temp_path %[1]s/nginx-f; uwsgi_temp_path %[1]s/nginx-u; scgi_temp_path %[1]s/nginx-s;\n%[2]s}\n", l.dir, conf))
	l.start(ports, "nginx", "-c", file, "-e", filepath.Join(l.dir, "nginx.log"))
	return addresses
}

// squid starts a proxy with a scheme of authentication, or without one.
func (l *lab) squid(scheme string, port int) string {
	auth := ""
	switch scheme {
	case "basic":
		hash := strings.TrimSpace(l.do("openssl", "passwd", "-apr1", proxyPassword))
		auth = "auth_param basic program /usr/lib/squid/basic_ncsa_auth " + l.write("basic.users", user+":"+hash+"\n")
	case "digest":
		auth = "auth_param digest program /usr/lib/squid/digest_file_auth " + l.write("digest.users", user+":"+proxyPassword+"\n") + "\nauth_param digest realm lab"
	case "ntlm":
		auth = "auth_param ntlm program /usr/bin/ntlm_auth --configfile=" + filepath.Join(l.dir, "smb.conf") + " --helper-protocol=squid-2.5-ntlmssp\nauth_param ntlm children 2"
	}
	if auth != "" {
		auth += "\nacl known proxy_auth REQUIRED\nhttp_access deny !known\n"
	}
	file := l.write(fmt.Sprintf("squid-%d.conf", port), fmt.Sprintf(`http_port 127.0.0.1:%[1]d
%[2]s
acl forbidden dstdomain forbidden.test
http_access deny forbidden
http_access allow all
cache deny all
access_log none
cache_log /dev/null
visible_hostname lab.test
pid_filename none
cache_effective_user proxy
dns_nameservers 127.0.0.1
coredump_dir %[3]s
shutdown_lifetime 0 seconds
pinger_enable off
`, port, auth, l.dir))
	l.start([]int{port}, "squid", "-N", "-d", "1", "-n", fmt.Sprintf("lab%d", port), "-f", file)
	return fmt.Sprintf("http://127.0.0.1:%d", port)
}

// samba starts what verifies NTLM, with one user.
func (l *lab) samba() {
	dir := filepath.Join(l.dir, "samba")
	l.do("mkdir", "-p", dir+"/private", dir+"/state/winbindd_privileged", "/run/samba/winbindd")
	l.do("chmod", "700", dir+"/private")
	l.do("chmod", "750", dir+"/state/winbindd_privileged")
	l.do("chgrp", "proxy", dir+"/state/winbindd_privileged") // squid's helper
	file := l.write("smb.conf", fmt.Sprintf(`[global]
workgroup = PORT
netbios name = LAB
security = user
private dir = %[1]s/private
lock directory = %[1]s/state
state directory = %[1]s/state
cache directory = %[1]s/state
pid directory = %[1]s/state
log file = %[1]s/log
interfaces = lo
bind interfaces only = yes
disable netbios = yes
name resolve order = host
allow trusted domains = no
passdb backend = tdbsam
ntlm auth = ntlmv2-only
`, dir))
	add := exec.Command("smbpasswd", "-c", file, "-s", "-a", user)
	add.Stdin = strings.NewReader(proxyPassword + "\n" + proxyPassword + "\n")
	if out, err := add.CombinedOutput(); err != nil {
		l.t.Fatalf("smbpasswd: %v\n%s", err, out)
	}
	l.startProcess("winbindd", "-s", file, "-F", "--no-process-group")
	for end := time.Now().Add(30 * time.Second); exec.Command("wbinfo", "-p").Run() != nil; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatal("winbindd does not answer")
		}
	}
}

// dante starts two SOCKS proxies: one without a password, one with that of the system's user.
func (l *lab) dante() {
	hash := strings.TrimSpace(l.do("openssl", "passwd", "-6", proxyPassword))
	l.write("/etc/shadow", "root:*:19000:0:99999:7:::\n"+user+":"+hash+":19000:0:99999:7:::\n")
	for port, method := range map[int]string{1080: "none", 1081: "username"} {
		file := l.write(fmt.Sprintf("dante-%d.conf", port), fmt.Sprintf(`logoutput: stderr
internal: 127.0.0.1 port = %d
external: lo
socksmethod: %s
user.privileged: root
user.unprivileged: nobody
client pass { from: 0/0 to: 0/0 }
socks block { from: 0/0 to: forbidden.test }
socks pass { from: 0/0 to: 0/0 }
`, port, method))
		l.start([]int{port}, "danted", "-f", file, "-p", filepath.Join(l.dir, fmt.Sprintf("dante-%d.pid", port)))
	}
}

// mitmproxy starts a proxy that inspects connections with an authority of its own.
func (l *lab) mitmproxy() {
	dir := filepath.Join(l.dir, "mitm")
	l.start([]int{8180}, "mitmdump", "-q", "--listen-host", "127.0.0.1", "-p", "8180", "--set", "confdir="+dir, "--ssl-insecure")
}

// cntlm starts the proxy that signs in to squid by NTLM for programs that cannot.
func (l *lab) cntlm() {
	file := l.write("cntlm.conf", fmt.Sprintf("Username %s\nDomain LAB\nPassword %s\nAuth NTLMv2\nProxy 127.0.0.1:3131\nListen 127.0.0.1:3140\n", user, proxyPassword))
	l.do("chmod", "600", file)
	l.start([]int{3140}, "cntlm", "-f", "-c", file)
}

// nameServers starts a name server that knows no name, and returns what puts a silent one in
// its place for a test.
func (l *lab) nameServers() (silence func(*testing.T)) {
	l.write("/etc/resolv.conf", "nameserver 127.0.0.1\n")
	l.start([]int{53}, "dnsmasq", "-k", "--no-resolv", "--no-hosts", "--address=/test/", "--listen-address=127.0.0.1", "--bind-interfaces", "--pid-file=", "--user=root")
	silent, err := net.ListenPacket("udp", "127.0.0.2:53")
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = silent.Close() })
	return func(t *testing.T) {
		l.write("/etc/resolv.conf", "nameserver 127.0.0.2\n")
		t.Cleanup(func() { l.write("/etc/resolv.conf", "nameserver 127.0.0.1\n") })
	}
}
