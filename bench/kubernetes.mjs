import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { idOf, objectsOf, writeChart } from './chart.mjs';
import { inFolder, time } from './measure.mjs';
import { measurePairs } from './statistics.mjs';

const OVERLAY = 'deploy/k8s/overlays/production';
const RELEASE = { name: 'aixgo', namespace: 'aixgo', tag: '1.4.2' };

/**
 * `render kubernetes`, which writes the base and all overlays, against `helm template` and `kubectl kustomize`, which
 * print the objects of one environment.
 */
export function measureKubernetes({ samples, helm, aideploy, copyFixture }) {
  const render = ['render', 'kubernetes', '--quiet', '--tag', RELEASE.tag];
  const renderIn = folder => {
    copyFixture(folder);
    return time(process.execPath, [aideploy, ...render, '--cwd', folder]);
  };
  return inFolder(async folder => {
    renderIn(folder);
    const overlay = join(folder, OVERLAY);
    const chart = join(folder, 'chart');
    const objects = output('kubectl', ['kustomize', overlay]);
    writeChart(chart, RELEASE.name, objects, RELEASE);
    const helmTemplate = ['template', RELEASE.name, chart, '--namespace', RELEASE.namespace];
    sameObjects(objects, output(helm, helmTemplate));
    const ours = () => inFolder(renderIn);
    return {
      count: objectsOf(objects).length,
      byHelm: await measurePairs(() => time(helm, helmTemplate), ours, { samples }),
      byKustomize: await measurePairs(() => time('kubectl', ['kustomize', overlay]), ours, { samples }),
      node: await measurePairs(
        () => time(helm, helmTemplate),
        () => time(process.execPath, ['-e', '0']),
        { samples },
      ),
    };
  });
}

function output(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** A chart of other objects would be another question. */
function sameObjects(one, other) {
  const all = text => new Map(objectsOf(text).map(object => [idOf(object), object]));
  const [ours, theirs] = [all(one), all(other)];
  for (const [id, object] of ours)
    if (!isDeepStrictEqual(object, theirs.get(id))) throw new Error(`the chart's ${id} is another`);
  if (ours.size !== theirs.size) throw new Error('the chart has other objects');
}
