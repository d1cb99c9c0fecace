#!/usr/bin/env node
// A stand-in for kubectl before a cluster that is a file. It knows the calls of deploy-k8s.sh, word for word, and
// refuses any other; what a kustomization says is read by the real one.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const { CLUSTER, KUBECTL, UNREADY = '' } = process.env;
const words = process.argv.slice(2);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const live = existsSync(CLUSTER) ? JSON.parse(readFileSync(CLUSTER, 'utf8')) : {};
const idOf = ({ kind, metadata }) => `${kind}/${metadata.name}`;
const objectsIn = file =>
  parseAllDocuments(readFileSync(file, 'utf8')).flatMap(document => {
    const object = document.toJS();
    return object.kind === 'List' ? object.items : [object];
  });

const CALLS = [
  [/^kustomize (\S+)$/, ([folder]) => execFileSync(KUBECTL, ['kustomize', folder], { encoding: 'utf8' })],
  [
    /^get --filename (\S+) --ignore-not-found --output json$/,
    ([file]) => {
      const items = objectsIn(file).flatMap(object => live[idOf(object)] ?? []);
      return items.length === 1 ? JSON.stringify(items[0]) : items.length === 0 ? '' : JSON.stringify({ kind: 'List', items });
    },
  ],
  [
    /^apply --filename (\S+)$/,
    ([file]) => {
      for (const object of objectsIn(file)) {
        const annotations = { ...object.metadata.annotations, [LAST_APPLIED]: JSON.stringify(object) };
        live[idOf(object)] = { ...object, metadata: { ...object.metadata, annotations } };
      }
      writeFileSync(CLUSTER, JSON.stringify(live));
      return 'applied\n';
    },
  ],
  [
    /^apply --filename \S+ --selector app\.kubernetes\.io\/component in \(database, migrations\)$/,
    () => 'applied\n',
  ],
  [/^create job chatbot-migrate-7-1 --from cronjob\/chatbot-migrate --namespace chatbot-staging$/, () => ''],
  [
    /^get job chatbot-migrate-7-1 --namespace chatbot-staging --output jsonpath=\{\.status\.conditions\[\*\]\.type\}$/,
    () => process.env.MIGRATED ?? 'SuccessCriteriaMet Complete',
  ],
  [/^logs job\/chatbot-migrate-7-1 --namespace chatbot-staging --tail 100$/, () => 'syntax error at "SELEC"\n'],
  [
    /^rollout status ((?:Deployment|StatefulSet)\/\S+) --namespace \S+ --timeout [1-9]\d*s$/,
    ([name]) => {
      if (!live[name]) throw new Error(`${name} not found`);
      const image = live[name].spec.template.spec.containers[0].image;
      if (UNREADY !== '' && image.includes(UNREADY)) throw new Error('exceeded its progress deadline');
      return 'successfully rolled out\n';
    },
  ],
  [/^get (?:pods|events) --namespace \S+ (?:--output wide|--field-selector type=Warning --sort-by \.lastTimestamp)$/, () => ''],
];

appendFileSync(`${CLUSTER}.calls`, `${words.join(' ')}\n`);
const [pattern, call] = CALLS.find(([each]) => each.test(words.join(' '))) ?? [];
try {
  if (!call) throw new Error(`no such call: ${words.join(' ')}`);
  process.stdout.write(call(pattern.exec(words.join(' ')).slice(1)));
} catch (error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
