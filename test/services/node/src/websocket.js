// GET /ws sends every message back.

import { WebSocketServer } from 'ws';
import { countIn, requestId } from './http.js';

const GOING_AWAY = 1001;

/** Returns a function that closes every socket; an idle one would hold up the whole drain. */
export function attachEcho(server) {
  const sockets = new WebSocketServer({ server, path: '/ws', maxPayload: 1024 * 1024 });
  sockets.on('headers', (headers, request) => headers.push(`X-Request-Id: ${requestId(request)}`));
  sockets.on('connection', socket => {
    const end = countIn('/ws');
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    socket.on('error', () => {}); // a close follows
    socket.on('close', () => end(101));
  });
  return () => {
    for (const socket of sockets.clients) socket.close(GOING_AWAY);
  };
}
