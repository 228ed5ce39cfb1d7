package authclient_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// ending is how a [countingServer] ends a connection.
type ending struct {
	http1 bool              // HTTP/1.1, else HTTP/2
	early func(*serverConn) // before any request is read; end is not called
	body  bool              // read the whole request before end, else its header
	end   func(*serverConn)

	named   string          // the certificate's authority; the default is that of [certificate]
	settled chan<- struct{} // HTTP/2: closed when the client has nothing left to write but its request
}

// countingServer counts connections and requests over TLS. Its fields may be read after
// close.
type countingServer struct {
	url  string
	pool *x509.CertPool // trusts it

	t        *testing.T
	listener net.Listener
	again    func() // is called for the second request, or the third connection
	running  sync.WaitGroup

	mu          sync.Mutex
	connections []net.Conn
	methods     []string // of the requests, on all connections
}

// start serves connections until close.
func (e ending) start(t *testing.T) *countingServer {
	t.Helper()
	cert, pool := certificate(t, func(*x509.Certificate) {})
	if e.named != "" {
		cert = selfSigned(t, e.named)
	}
	protocol := "h2"
	if e.http1 {
		protocol = "http/1.1"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &countingServer{t: t, url: "https://" + listener.Addr().String(), pool: pool, listener: listener}
	t.Cleanup(s.close)
	config := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{protocol}}
	s.running.Go(func() {
		for {
			raw, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			if s.connections = append(s.connections, raw); len(s.connections) > 2 {
				s.again()
			}
			s.mu.Unlock()
			s.running.Go(func() {
				conn := tls.Server(raw, config)
				if conn.Handshake() == nil {
					e.serve(s, &serverConn{t: t, conn: conn})
				}
				_, _ = io.Copy(io.Discard, conn) // until the client closes
				_ = conn.Close()
			})
		}
	})
	return s
}

// close stops the server, and returns when the client has closed every connection.
func (s *countingServer) close() {
	_ = s.listener.Close()
	closed := make(chan struct{})
	go func() {
		s.running.Wait()
		close(closed)
	}()
	select {
	case <-closed:
		return
	case <-time.After(5 * time.Second):
		s.t.Error("a connection is still open, 5 s after the call")
	}
	s.mu.Lock()
	for _, conn := range s.connections {
		_ = conn.Close()
	}
	s.mu.Unlock()
	<-closed
}

func (s *countingServer) count(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.methods = append(s.methods, method); len(s.methods) > 1 {
		s.again()
	}
}

// serve reads one request and ends its connection.
func (e ending) serve(s *countingServer, c *serverConn) {
	if e.http1 {
		if e.early != nil {
			e.early(c)
			return
		}
		req, err := http.ReadRequest(bufio.NewReader(c.conn))
		if err != nil {
			return
		}
		s.count(req.Method)
		if e.body {
			_, _ = io.Copy(io.Discard, req.Body)
		}
		e.end(c)
		return
	}
	if _, err := io.ReadFull(c.conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	c.Framer = http2.NewFramer(c.conn, c.conn)
	c.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	c.check(c.WriteSettings())
	if e.early != nil {
		e.early(c)
		return
	}
	acks := 0
	for {
		frame, err := c.ReadFrame()
		if err != nil {
			return
		}
		if settings, ok := frame.(*http2.SettingsFrame); ok && !settings.IsAck() {
			c.check(c.WriteSettingsAck())
			if e.settled != nil { // once more: its acknowledgement follows what the client does with this one
				c.check(c.WriteSettings())
			}
		} else if ok && e.settled != nil {
			if acks++; acks == 2 {
				close(e.settled)
			}
		}
		if header, ok := frame.(*http2.MetaHeadersFrame); ok {
			s.count(header.PseudoValue("method"))
			c.stream = header.StreamID
		}
		if c.stream != 0 && (!e.body || frame.Header().Flags.Has(http2.FlagDataEndStream)) {
			e.end(c)
			break
		}
	}
	for { // a client must not send a second request on this connection either
		frame, err := c.ReadFrame()
		if err != nil {
			return
		}
		if header, ok := frame.(*http2.MetaHeadersFrame); ok {
			s.count(header.PseudoValue("method"))
		}
	}
}

// serverConn is a server's side of a connection.
type serverConn struct {
	*http2.Framer // HTTP/2
	t             *testing.T
	conn          *tls.Conn
	stream        uint32 // HTTP/2: of the request
}

// check fails the test if the server could not write.
func (c *serverConn) check(err error) {
	if err != nil {
		c.t.Error(err)
	}
}

// write sends bytes as they are.
func (c *serverConn) write(text string) {
	_, err := io.WriteString(c.conn, text)
	c.check(err)
}

// answer sends a header over HTTP/2. fields are names and values in turn.
func (c *serverConn) answer(end bool, fields ...string) {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for i := 0; i < len(fields); i += 2 {
		c.check(encoder.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]}))
	}
	c.check(c.WriteHeaders(http2.HeadersFrameParam{StreamID: c.stream, BlockFragment: block.Bytes(), EndStream: end, EndHeaders: true}))
}

// close ends the connection without a word of HTTP.
func (c *serverConn) close() { _ = c.conn.Close() }

// abort resets the connection of TCP.
func (c *serverConn) abort() {
	tcp := c.conn.NetConn().(*net.TCPConn)
	c.check(tcp.SetLinger(0))
	_ = tcp.Close()
}
