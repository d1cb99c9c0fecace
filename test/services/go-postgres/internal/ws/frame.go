package ws

import (
	"encoding/binary"
	"errors"
	"io"
)

// Opcodes and close codes of RFC 6455.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA

	closeGoingAway     = 1001
	closeProtocolError = 1002
	closeTooBig        = 1009
)

const maxMessage = 1 << 20

var (
	errProtocol = errors.New("the client broke the protocol")
	errTooBig   = errors.New("the message is too big")
)

type frame struct {
	final   bool
	opcode  byte
	payload []byte
}

func (f frame) control() bool { return f.opcode >= opClose }

func readFrame(r io.Reader) (frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	f := frame{final: head[0]&0x80 != 0, opcode: head[0] & 0x0F}
	masked, length := head[1]&0x80 != 0, uint64(head[1]&0x7F)
	if !masked || head[0]&0x70 != 0 || f.control() && (length > 125 || !f.final) {
		return frame{}, errProtocol
	}
	if extended := map[uint64]int{126: 2, 127: 8}[length]; extended > 0 {
		var size [8]byte
		if _, err := io.ReadFull(r, size[8-extended:]); err != nil {
			return frame{}, err
		}
		length = binary.BigEndian.Uint64(size[:])
	}
	if length > maxMessage {
		return frame{}, errTooBig
	}
	var mask [4]byte
	if _, err := io.ReadFull(r, mask[:]); err != nil {
		return frame{}, err
	}
	f.payload = make([]byte, length)
	if _, err := io.ReadFull(r, f.payload); err != nil {
		return frame{}, err
	}
	for i := range f.payload {
		f.payload[i] ^= mask[i%4]
	}
	return f, nil
}

// encodeFrame makes one whole, unmasked frame, as a server sends it.
func encodeFrame(opcode byte, payload []byte) []byte {
	out := []byte{0x80 | opcode}
	switch n := len(payload); {
	case n <= 125:
		out = append(out, byte(n))
	case n <= 0xFFFF:
		out = binary.BigEndian.AppendUint16(append(out, 126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 127), uint64(n))
	}
	return append(out, payload...)
}
