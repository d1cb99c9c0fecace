import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inFolder, peakMemory, time } from './measure.mjs';
import { comparePairs, measurePairs, summarise } from './statistics.mjs';

const AIDEPLOY = fileURLToPath(new URL('../bin/aideploy.js', import.meta.url));
/** The other checkers, and schemas that they read without a network. */
const SETUP = fileURLToPath(new URL('../test/judges/setup', import.meta.url));

const ms = value => `${value.toFixed(1)} ms`;
const times = value => `${value.toFixed(2)}×`;
const mebibytes = value => `${value.toFixed(1)} MiB`;
const spread = ({ median, quartiles }, show) => `${show(median)} (${quartiles.map(show).join(' … ')})`;

const FILES = 250;
const MANY = 10_000;
/** Findings are no fault of the program that is measured. */
const EITHER = [0, 1];

/** A service as people write it by hand: four objects in a file. */
const manifest = number => {
  const name = `chat-${number}`;
  const labels = `{app: ${name}}`;
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: chat, labels: ${labels}}
spec:
  replicas: 2
  selector: {matchLabels: ${labels}}
  template:
    metadata: {labels: ${labels}}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 60
      securityContext: {runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: api
          image: ghcr.io/acme/${name}:1.4.2
          ports: [{name: http, containerPort: 8080}]
          envFrom: [{configMapRef: {name: ${name}}}]
          env:
            - {name: ANTHROPIC_API_KEY, valueFrom: {secretKeyRef: {name: ${name}-secrets, key: ANTHROPIC_API_KEY, optional: true}}}
          resources: {requests: {cpu: 250m, memory: 512Mi}, limits: {memory: 512Mi}}
          readinessProbe: {httpGet: {path: /health/ready, port: http}, timeoutSeconds: 3}
          livenessProbe: {httpGet: {path: /health/live, port: http}, periodSeconds: 15, failureThreshold: 6, timeoutSeconds: 3}
          lifecycle: {preStop: {sleep: {seconds: 10}}}
          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
          volumeMounts: [{name: tmp, mountPath: /tmp}]
      volumes: [{name: tmp, emptyDir: {}}]
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: chat}
spec: {selector: ${labels}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: chat}
data: {LOG_LEVEL: info, PORT: "8080", REQUEST_TIMEOUT: 30s, LLM_TIMEOUT: 25s}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: ${name}, namespace: chat}
spec: {maxUnavailable: 1, selector: {matchLabels: ${labels}}}
`;
};

function write(folder, count) {
  const paths = Array.from({ length: count }, (_, number) => join(folder, `${number}.yaml`));
  for (const [number, path] of paths.entries()) writeFileSync(path, manifest(number));
  return paths;
}

const check = (folder, accept = EITHER) =>
  time(process.execPath, [AIDEPLOY, 'check', folder, '--quiet', '--severity', 'error'], { accept });

function against({ samples }) {
  const judges = execFileSync(SETUP, ['path'], { encoding: 'utf8' }).trim();
  const [kubeconform, kubeScore] = ['kubeconform', 'kube-score'].map(name => join(judges, name));
  if (!existsSync(kubeconform) || !existsSync(kubeScore))
    return { skipped: 'kubeconform and kube-score are not here: test/judges/setup' };
  return inFolder(async folder => {
    const paths = write(folder, FILES);
    const file =
      '{{ .NormalizedKubernetesVersion }}-standalone-strict/{{ .ResourceKind }}{{ .KindSuffix }}.json';
    const schema = ['-kubernetes-version', '1.34.0', '-schema-location', join(judges, '../schemas', file)];
    const theirs = () =>
      time(kubeconform, ['-strict', ...schema, folder]) +
      time(kubeScore, ['score', '--kubernetes-version', 'v1.34', ...paths], { accept: EITHER });
    const compared = await measurePairs(theirs, () => check(folder), { samples });
    return {
      value: compared.ratio.median,
      lines: [
        `kubeconform, then kube-score: ${spread(compared.a, ms)}`,
        `aideploy check, all rules and schemas: ${spread(compared.b, ms)}`,
        `ratio: ${spread(compared.ratio, times)}`,
      ],
      summary: compared,
    };
  });
}

const memory = () =>
  inFolder(async folder => {
    write(folder, FILES);
    const summary = summarise([
      peakMemory([AIDEPLOY, 'check', folder, '--quiet', '--severity', 'error'], { accept: EITHER }),
    ]);
    return { value: summary.max, lines: [`${4 * FILES} objects: ${mebibytes(summary.max)}`], summary };
  });

/** What one more file costs, with the start taken off. */
const flat = ({ samples }) =>
  inFolder(async folder => {
    const folders = [0, FILES, MANY].map(count => {
      const each = join(folder, String(count));
      mkdirSync(each);
      write(each, Math.max(count, 1));
      return each;
    });
    const [one, few, many] = folders;
    const pairs = Array.from({ length: Math.max(3, Math.floor(samples / 5)) }, () => {
      const start = check(one);
      return { a: (check(few) - start) / FILES, b: (check(many) - start) / MANY };
    });
    const compared = comparePairs(pairs);
    return {
      value: compared.ratio.median,
      lines: [
        `a file of ${FILES}: ${spread(compared.a, ms)}`,
        `a file of ${MANY}: ${spread(compared.b, ms)}`,
        `ratio: ${spread(compared.ratio, times)}`,
      ],
      summary: compared,
    };
  });

const small = ({ samples }) =>
  inFolder(async folder => {
    write(folder, 5);
    const summary = summarise(Array.from({ length: samples }, () => check(folder)));
    return { value: summary.median, lines: [`20 objects in 5 files: ${spread(summary, ms)}`], summary };
  });

export const CHECK_CASES = [
  {
    id: 'check',
    title: 'check of 1,000 objects in 250 files against kubeconform and kube-score',
    goal: 1.25,
    show: times,
    measure: against,
  },
  { id: 'check-memory', title: 'peak memory of the same', goal: 200, show: mebibytes, measure: memory },
  {
    id: 'check-flat',
    title: `a file among ${MANY} against one among ${FILES}`,
    goal: 1.15,
    show: times,
    measure: flat,
  },
  { id: 'check-small', title: 'check of one small project', goal: 350, show: ms, measure: small },
];
