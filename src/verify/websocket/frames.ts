import { randomBytes } from 'node:crypto';

/** https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly payload: Buffer;
}

const MOST = 1024 * 1024;

/** Clients mask what they send. */
export function encode(opcode: number, payload: Buffer): Buffer {
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, mask, masked]);
}

/** Frames out of what arrives in pieces; a text where the bytes are no frames of a server. */
export function createDecoder(): (chunk: Buffer) => Frame[] | string {
  let rest = Buffer.alloc(0);
  return chunk => {
    rest = Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    for (let read = next(rest); read !== undefined; read = next(rest)) {
      if (typeof read === 'string') return read;
      frames.push(read.frame);
      rest = rest.subarray(read.size);
    }
    return frames;
  };
}

function next(bytes: Buffer): { frame: Frame; size: number } | string | undefined {
  const [first = 0, second = 0] = bytes;
  if (bytes.length < 2) return undefined;
  if (first & 0x70) return 'a frame with reserved bits';
  if (second & 0x80) return 'a masked frame, which only clients send';
  const short = second & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (length > MOST) return `a frame of ${length} bytes`;
  if (bytes.length < head + length) return undefined;
  const payload = bytes.subarray(head, head + length);
  return { frame: { opcode: first & 0x0f, final: (first & 0x80) !== 0, payload }, size: head + length };
}
