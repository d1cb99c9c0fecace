// Package ws is a minimal RFC 6455 server that sends every message back.
package ws

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"example.com/chatbot/internal/lifecycle"
	"example.com/chatbot/internal/web"
)

const (
	handshakeGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
	closeWait     = time.Second
)

// Echo's sockets are closed as soon as the server stops accepting: an idle one would hold up the whole drain.
func Echo(state *lifecycle.State) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Sec-WebSocket-Key")
		if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || key == "" {
			w.Header().Set("Upgrade", "websocket")
			web.Error(w, r, http.StatusUpgradeRequired, "this is a WebSocket endpoint")
			return
		}
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Sec-WebSocket-Accept", accept(key))
		w.WriteHeader(http.StatusSwitchingProtocols) // before the hijack, so that logs and metrics see the status
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		conn.SetDeadline(time.Time{}) // the server's own deadlines are for requests

		s := &socket{conn: conn}
		done := make(chan struct{})
		defer close(done)
		go func() {
			select {
			case <-state.Stopping():
				s.close(closeGoingAway)
			case <-done:
			}
		}()
		s.echo(buffered)
	}
}

func accept(key string) string {
	sum := sha1.Sum([]byte(key + handshakeGUID))
	return base64.StdEncoding.EncodeToString(sum[:])
}

type socket struct {
	conn net.Conn
	mu   sync.Mutex // a close may be written while an echo is
}

// echo returns when either side has closed.
func (s *socket) echo(r io.Reader) {
	var message []byte
	var kind byte
	for {
		f, err := readFrame(r)
		switch {
		case errors.Is(err, errProtocol):
			s.close(closeProtocolError)
			return
		case errors.Is(err, errTooBig):
			s.close(closeTooBig)
			return
		case err != nil:
			return
		}
		switch f.opcode {
		case opClose:
			s.write(opClose, f.payload)
			return
		case opPing:
			s.write(opPong, f.payload)
			continue
		case opPong:
			continue
		case opText, opBinary:
			kind, message = f.opcode, nil
		case opContinuation:
		default:
			s.close(closeProtocolError)
			return
		}
		if len(message)+len(f.payload) > maxMessage {
			s.close(closeTooBig)
			return
		}
		message = append(message, f.payload...)
		if f.final {
			s.write(kind, message)
		}
	}
}

// close gives the peer a moment to answer; the reader then fails and the handler returns.
func (s *socket) close(code uint16) {
	s.write(opClose, binary.BigEndian.AppendUint16(nil, code))
	s.conn.SetReadDeadline(time.Now().Add(closeWait))
}

func (s *socket) write(opcode byte, payload []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn.Write(encodeFrame(opcode, payload)) // a failed write shows up as a failed read
}
