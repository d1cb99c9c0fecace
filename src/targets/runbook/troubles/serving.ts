import { hostOf } from '../../../model/host.ts';
import { isBuilt, type Model } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import { asksLog } from '../logs/index.ts';
import { platformsOf } from '../platforms/index.ts';
import { breaker, crash } from './logged.ts';
import type { Trouble } from './trouble.ts';

export function servingTroubles(model: Model): Trouble[] {
  const asked = asksLog(model);
  const [platform] = platformsOf(model);
  const built = model.services.filter(isBuilt);
  const providers = [
    ...new Set(
      model.services.flatMap(({ egress }) =>
        egress.filter(each => each.port === 443).map(({ host }) => host),
      ),
    ),
  ];
  return [
    {
      symptom: 'It is slow',
      look: platform?.usage(built) ?? [],
      remedy:
        'CPU or memory short: scale. Neither: the model provider or the database is slow; the log tells how long each call took.',
    },
    memory(model),
    ...crash(asked),
    ...(providers.length > 0
      ? [
          {
            symptom: 'The model provider fails',
            look: providers.map(
              host =>
                `curl --silent --output /dev/null --write-out '%{http_code}\\n' --max-time 10 ${shellWord(`https://${host}/`)}`,
            ),
            remedy:
              'Any status at all: it can be reached, so look for the key and the quota. None: network, DNS or firewall.',
          },
          ...breaker(asked),
        ]
      : []),
    ...(model.services.some(({ stream }) => stream)
      ? [
          {
            symptom: 'Streams end too early, or arrive all at once',
            look: [],
            remedy:
              'Something on the way buffers or has a shorter timeout than the table of times says: ask the service itself first, then each proxy.',
          },
        ]
      : []),
  ];
}

function memory(model: Model): Trouble {
  const [platform] = platformsOf(model);
  const built = model.services.filter(isBuilt);
  const go = built.find(({ source, port }) => source.language === 'go' && port !== undefined);
  const profile = go ? 'a profile (this one, of a program that imports net/http/pprof)' : 'a profile';
  return {
    symptom: 'Memory grows',
    look: [
      ...(platform?.usage(built) ?? []),
      // Past the proxy, which shows it to nobody.
      ...(go ? [`go tool pprof -top http://127.0.0.1:${go.port}/debug/pprof/heap`] : []),
    ],
    remedy: `Restart one copy after the other, keep ${profile} for the report, and raise the limit only if traffic grew as well.`,
  };
}

/** gunicorn’s own. */
export function pythonTroubles(model: Model): Trouble[] {
  const files = hostOf(model)
    .services.filter(({ service }) => service.source.language === 'python')
    .map(({ environmentFile }) => environmentFile);
  if (!model.targets.systemd || files.length === 0) return [];
  return [
    {
      symptom: 'Workers are replaced: WORKER TIMEOUT in the log',
      look: files.map(file => `sudo grep GUNICORN_ ${shellWord(file)}`),
      remedy:
        'A worker was silent for longer than GUNICORN_TIMEOUT: the program blocks its event loop. Raise it only for a while.',
    },
    {
      symptom: 'Memory of the workers grows',
      look: files.map(file => `sudo grep GUNICORN_ ${shellWord(file)}`),
      remedy:
        'GUNICORN_MAX_REQUESTS=500 replaces them earlier. It cuts streams, so it is off where there are any.',
    },
  ];
}

export function databaseTroubles({ database: server, targets }: Model): Trouble[] {
  if (!server) return [];
  const beside = server.host === undefined && targets.compose && !targets.systemd;
  const { host = 'localhost', port: at } = server;
  return [
    {
      symptom: 'The database refuses connections',
      look: [
        beside
          ? 'docker compose -f compose.prod.yaml exec db pg_isready'
          : `pg_isready --host ${shellWord(host)} --port ${at}`,
      ],
      remedy:
        'No response: server down, or port closed on the way. It answers: password, role, database name or TLS; the service’s log says which.',
    },
  ];
}
