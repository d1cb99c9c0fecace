import { LIVE, type ProbeBudget, READY, startupBudget } from '../../model/health.ts';
import type { Service } from '../../model/model.ts';
import { selfCheck } from '../self-check.ts';
import { metricsPortName, portsOf } from './ports.ts';

/** The kubelet's questions, in whole seconds. https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ */
export function probesOf(service: Service): object {
  const { health, port, grpc } = service;
  if (health && port !== undefined) {
    const ask = (budget: ProbeBudget) => ({ httpGet: { path: budget.path, port: 'http' }, ...times(budget) });
    return {
      startupProbe: ask(health.startup),
      livenessProbe: ask(health.live),
      readinessProbe: ask(health.ready),
    };
  }
  const budgets = budgetsOf(service);
  // The kubelet speaks gRPC without TLS only, and asks for the health of the server as a whole.
  if (grpc && !grpc.tls) return every(budgets, { grpc: { port: grpc.port } });
  const check = health?.command ?? selfCheck(service);
  if (check) return every(budgets, { exec: { command: check } });
  // An open port says that the program has started, and only metrics tell how it fares.
  const [first] = portsOf(service);
  if (!first) return {};
  const open = { tcpSocket: { port: first.name } };
  return {
    startupProbe: { ...open, ...times(budgets.startup) },
    ...metricsProbe(service, budgets.live),
    readinessProbe: { ...open, ...times(budgets.ready) },
  };
}

const metricsProbe = (service: Service, budget: Times): object =>
  service.metrics?.port === undefined
    ? {}
    : {
        livenessProbe: {
          httpGet: { path: service.metrics.path, port: metricsPortName(service) },
          ...times(budget),
        },
      };

type Times = Omit<ProbeBudget, 'path'>;

const every = (budgets: { startup: Times; live: Times; ready: Times }, question: object): object => ({
  startupProbe: { ...question, ...times(budgets.startup) },
  livenessProbe: { ...question, ...times(budgets.live) },
  readinessProbe: { ...question, ...times(budgets.ready) },
});

/** A probe of another kind is asked as often as one by HTTP. */
function budgetsOf({ health, timing }: Service): { startup: Times; live: Times; ready: Times } {
  if (health) return health;
  return { startup: startupBudget(timing), live: LIVE, ready: READY };
}

const seconds = (milliseconds: number) => Math.ceil(milliseconds / 1_000);

const times = ({ period, timeout, failures }: Times): object => ({
  periodSeconds: seconds(period),
  timeoutSeconds: seconds(timeout),
  failureThreshold: failures,
});
