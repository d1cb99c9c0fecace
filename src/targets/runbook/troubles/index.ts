import { isBuilt, type Model, servicesOf } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import { platformsOf } from '../platforms/index.ts';
import { databaseTroubles, pythonTroubles, servingTroubles } from './serving.ts';
import type { Trouble } from './trouble.ts';

export function troubles(model: Model): Trouble[] {
  return [
    ...starting(model),
    ...reaching(model),
    ...servingTroubles(model),
    ...pythonTroubles(model),
    ...databaseTroubles(model),
  ];
}

const port = (model: Model): number | undefined => model.services.find(isBuilt)?.port;

function starting(model: Model): Trouble[] {
  const [platform] = platformsOf(model);
  const built = model.services.filter(isBuilt);
  const at = port(model);
  return [
    {
      symptom: 'It does not start',
      look: [
        ...(platform?.logs(built).slice(0, 1) ?? []),
        ...(platform?.id === 'systemd' && at ? [`ss -ltnp 'sport = :${at}'`] : []),
      ],
      remedy:
        'A setting or secret that is missing is named in the log. A port that is taken: end its holder.',
    },
    {
      symptom: 'Its health checks fail',
      look: platform?.status(built).slice(0, 1) ?? [],
      remedy:
        'Alive but not ready means that something it depends on is missing; the deep health path says which, from inside.',
    },
    {
      symptom: 'A stop takes long, or cuts requests',
      look: [],
      remedy:
        'Compare what the log says with the table of times: a stop waits for the drain, and never longer than the stop time.',
    },
  ];
}

function reaching(model: Model): Trouble[] {
  const at = port(model);
  const { targets } = model;
  return [
    {
      symptom: 'Connection refused',
      look:
        at === undefined || targets.kubernetes ? [] : [`curl --verbose --max-time 5 http://127.0.0.1:${at}/`],
      remedy:
        'Refused on the machine itself: the service is down. Refused from outside only: proxy or firewall.',
    },
    ...inCluster(model),
    ...(targets.nginx
      ? [
          {
            symptom: 'nginx answers 502 or 504',
            look: ['sudo nginx -t', 'sudo tail -n 50 /var/log/nginx/error.log'],
            remedy: '502: the service is down or restarts. 504: it took longer than its longest request may.',
          },
        ]
      : []),
    ...(model.services.some(({ grpc }) => grpc)
      ? [
          {
            symptom: 'gRPC errors',
            look: model.services
              .filter(isBuilt)
              .flatMap(({ grpc }) =>
                grpc ? [`grpcurl ${grpc.tls ? '' : '-plaintext '}127.0.0.1:${grpc.port} list`] : [],
              ),
            remedy:
              'Unavailable: the service is down. Deadline exceeded: the client’s is shorter than the request’s. TLS errors: one side speaks it and the other does not.',
          },
        ]
      : []),
  ];
}

/** From the pod outwards: past a forward everything but the program itself is left out. */
function inCluster(model: Model): Trouble[] {
  const kubectl = `kubectl --namespace ${shellWord(model.namespace)}`;
  const reached = servicesOf(model, 'kubernetes').find(
    service => isBuilt(service) && service.port !== undefined,
  );
  if (!model.targets.kubernetes || reached?.port === undefined) return [];
  const { unit, port: at, health } = reached;
  const path = health?.ready.path ?? '/';
  return [
    {
      symptom: 'No connection in the cluster',
      look: [
        `${kubectl} get endpointslices --selector kubernetes.io/service-name=${shellWord(unit)}`,
        `${kubectl} port-forward service/${shellWord(unit)} ${at}:${at}`,
        `curl --verbose --max-time 5 ${shellWord(`http://127.0.0.1:${at}${path}`)}`,
      ],
      remedy:
        'No address: no pod is ready. It answers through the forward: what is between is to blame, a NetworkPolicy that does not know the caller, a name, or the proxy.',
    },
  ];
}
