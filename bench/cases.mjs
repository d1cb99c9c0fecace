import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECK_CASES } from './check.mjs';
import { measureKubernetes } from './kubernetes.mjs';
import { inFolder, peakMemory, time } from './measure.mjs';
import { RELEASE_CASES } from './release.mjs';
import { measurePairs, summarise } from './statistics.mjs';
import { HELM, KOMPOSE, obtain, Unobtainable } from './tools.mjs';
import { VERIFY_CASES } from './verify.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const AIDEPLOY = join(ROOT, 'bin/aideploy.js');
const FIXTURE = join(ROOT, 'examples/multi-service');
const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));

const ms = value => `${value.toFixed(1)} ms`;
const times = value => `${value.toFixed(2)}×`;
const seconds = value => `${value.toFixed(1)} s`;
const mebibytes = value => `${value.toFixed(1)} MiB`;
const megabytes = value => `${value.toFixed(2)} MB`;
const spread = ({ median, quartiles }, show) => `${show(median)} (${quartiles.map(show).join(' … ')})`;

/** Each measures one goal: `value` is what is held against it, `lines` is what was seen. */
export const CASES = [
  { id: 'startup', title: 'aideploy --version against node -e 0', goal: 1.3, show: times, measure: startup },
  {
    id: 'render',
    title: 'render of everything against helm template + kompose convert',
    goal: 1,
    show: times,
    measure: render,
  },
  {
    id: 'kubernetes',
    title: 'render kubernetes against helm template of the same objects',
    goal: 2,
    show: times,
    measure: kubernetes,
  },
  { id: 'memory', title: 'peak memory of render', goal: 120, show: mebibytes, measure: memory },
  {
    id: 'demo',
    title: 'aideploy demo, from nothing to a release that is taken back',
    goal: 20,
    show: seconds,
    measure: demo,
  },
  { id: 'size', title: 'size of the packed package', goal: 5, show: megabytes, measure: size },
  ...CHECK_CASES,
  ...RELEASE_CASES,
  ...VERIFY_CASES,
];

function demo() {
  return inFolder(folder => {
    const runs = Array.from({ length: 3 }, (_, i) =>
      time(process.execPath, [AIDEPLOY, 'demo', join(folder, String(i)), '--quiet']),
    );
    const summary = summarise(runs.map(run => run / 1_000));
    return { value: summary.max, lines: [`the slowest of ${runs.length}: ${seconds(summary.max)}`], summary };
  });
}

async function startup({ samples }) {
  const compared = await measurePairs(
    () => time(process.execPath, ['-e', '0']),
    () => time(process.execPath, [AIDEPLOY, '--version']),
    { samples },
  );
  return compare('node -e 0', 'aideploy --version', compared);
}

async function render({ samples, note }) {
  let helm;
  let kompose;
  try {
    helm = obtain(HELM, note);
    kompose = obtain(KOMPOSE, note);
  } catch (error) {
    if (error instanceof Unobtainable) return { skipped: error.message };
    throw error;
  }
  const compared = await measurePairs(
    () =>
      inFolder(
        cwd => time(helm, ['template', 'aixgo', join(FIXTURES, 'chart')], { cwd }) + convert(kompose, cwd),
      ),
    () => inFolder(renderInto),
    { samples },
  );
  return compare(`helm ${HELM.version} + kompose ${KOMPOSE.version}`, 'aideploy render', compared);
}

async function kubernetes({ samples, note }) {
  let helm;
  try {
    helm = obtain(HELM, note);
  } catch (error) {
    if (error instanceof Unobtainable) return { skipped: error.message };
    throw error;
  }
  const { count, byHelm, byKustomize, node } = await measureKubernetes({
    samples,
    helm,
    aideploy: AIDEPLOY,
    copyFixture,
  });
  const own = (byHelm.b.median - node.b.median) / byHelm.a.median;
  const compared = compare(
    `helm ${HELM.version} template, ${count} objects`,
    'aideploy render kubernetes',
    byHelm,
  );
  return {
    ...compared,
    lines: [
      ...compared.lines,
      `without the start of node (${spread(node.b, ms)}): ${times(own)}`,
      `kubectl kustomize of one overlay: ${spread(byKustomize.a, ms)}, ratio ${spread(byKustomize.ratio, times)}`,
    ],
    summary: { ...compared.summary, withoutNode: own, kustomize: byKustomize },
  };
}

const convert = (kompose, cwd) =>
  time(kompose, ['convert', '--suppress-warnings', '--file', join(FIXTURES, 'compose.yaml'), '--out', cwd], {
    cwd,
  });

/** What it is rendered from, without what was rendered. */
function copyFixture(folder) {
  for (const path of ['aideploy.yaml', 'examples'])
    cpSync(join(FIXTURE, path), join(folder, path), { recursive: true });
}

function renderInto(folder) {
  copyFixture(folder);
  return time(process.execPath, [AIDEPLOY, 'render', '--quiet', '--cwd', folder]);
}

async function memory({ samples }) {
  const peaks = Array.from({ length: samples }, () =>
    inFolder(folder => {
      copyFixture(folder);
      return peakMemory([AIDEPLOY, 'render', '--quiet', '--cwd', folder]);
    }),
  );
  const summary = summarise(peaks);
  return {
    value: summary.max,
    lines: [`aideploy render: ${spread(summary, mebibytes)}, most ${mebibytes(summary.max)}`],
    summary,
  };
}

async function size() {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const [{ size: packed, unpackedSize, entryCount }] = JSON.parse(stdout);
  const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const installed = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return {
    value: packed / 1e6,
    // A dependency would be installed beside the package, so its size would not be seen here.
    missed: installed.length > 0 ? `it has dependencies: ${installed.join(', ')}` : undefined,
    lines: [
      `${megabytes(packed / 1e6)} packed, ${megabytes(unpackedSize / 1e6)} unpacked, ${entryCount} files, ${installed.length} dependencies`,
    ],
    summary: { packed, unpackedSize, entryCount, dependencies: installed.length },
  };
}

const compare = (a, b, compared) => ({
  value: compared.ratio.median,
  lines: [
    `${a}: ${spread(compared.a, ms)}`,
    `${b}: ${spread(compared.b, ms)}`,
    `ratio: ${spread(compared.ratio, times)} of ${compared.ratio.samples} pairs`,
  ],
  summary: { a, b, ...compared },
});
