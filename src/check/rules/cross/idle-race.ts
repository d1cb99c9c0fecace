import { factOf } from '../../../artifacts/fact.ts';
import { ways } from '../../backends.ts';
import type { Member } from '../../context.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration, quoted } from '../../words.ts';

export const idleRace: Rule = {
  id: 'cross/idle-race',
  severity: 'warning',
  title: 'a proxy that keeps idle connections longer than the service behind it',
  why: 'The service closes a connection in the same moment as the proxy sends a request over it: now and then a request gets 502, and a POST is not tried again.',
  fix: 'Let the service keep idle connections for longer than the proxy: a keep-alive of 75s behind nginx with its 60s.',
  fixable: 'no',
  example: {
    bad: 'upstream api { server 127.0.0.1:8000; keepalive 16; }   # gunicorn --keep-alive 5',
    good: 'upstream api { server 127.0.0.1:8000; keepalive 16; }   # gunicorn --keep-alive 75',
  },
  // One upstream serves many locations: it is told once.
  check: context => oncePerPlace(ways(context).flatMap(({ route, backend }) => findingsOf(route, backend))),
};

function findingsOf(route: Member, backend: Member): Finding[] {
  const [proxy, server] = [factOf(route, 'keepalive'), factOf(backend, 'keepalive')];
  // A synchronous worker of gunicorn keeps no connection at all, and says so in each answer.
  if (!proxy || !server || factOf(backend, 'server')?.value.workerClass === 'sync') return [];
  if (server.value > proxy.value) return [];
  const message = `${backend.name} closes idle connections after ${duration(server.value)}${quoted(server)}, but ${route.name} keeps them for ${duration(proxy.value)}`;
  return [{ at: server.at, message, related: [cited(proxy, `kept for ${duration(proxy.value)}`)] }];
}
