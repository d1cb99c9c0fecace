import { gzipSync } from 'node:zlib';
import { PROJECT, RECORD, STATUS } from '../../../platforms/kubernetes/marks.ts';
import { KEPT, keptIn, type RecordMap, SAID } from '../../../platforms/kubernetes/standing.ts';
import type { Release, Status, StoredFile } from '../../release.ts';
import { OBJECTS } from './objects.ts';

/** Of all data of a ConfigMap, names of keys included; some is left for those. https://kubernetes.io/docs/concepts/configuration/configmap/ */
const MOST = 2 ** 20 - 4_096;
const FILES = 'files';
const LEFT_OUT = 'left-out';

export const recordName = (project: string, { sequence }: Release): string =>
  `${project}.release.${sequence}`;

/** What was applied goes first, since it is what one goes back by; then the files, the large ones last. */
export function recordOf(project: string, release: Release, files: readonly StoredFile[]): RecordMap {
  const { status, ...said } = release;
  const data = { [SAID]: JSON.stringify(said) };
  const { objects, rest, leftOut } = fitting(files, MOST - Buffer.byteLength(data[SAID] ?? ''));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    immutable: true,
    metadata: {
      name: recordName(project, release),
      labels: { [PROJECT]: project, [RECORD]: 'release', [STATUS]: status },
    },
    data: leftOut.length > 0 ? { ...data, [LEFT_OUT]: leftOut.join('\n') } : data,
    binaryData: {
      ...(objects && { [KEPT]: objects.toString('base64') }),
      [FILES]: rest.toString('base64'),
    },
  };
}

/** Files that no ConfigMap has room for. */
export const leftOutOf = (release: Release, files: readonly StoredFile[]): string[] =>
  fitting(files, MOST - Buffer.byteLength(JSON.stringify(release))).leftOut;

function fitting(files: readonly StoredFile[], most: number) {
  const own = files.find(({ path }) => path === OBJECTS);
  const packed = own && gzipSync(own.content);
  const objects = packed && packed.length <= most ? packed : undefined;
  const left = most - (objects?.length ?? 0);
  const leftOut = own && !objects ? [OBJECTS] : [];
  let rest = files.filter(({ path }) => path !== OBJECTS);
  let zipped = gzipSync(JSON.stringify(rest));
  while (zipped.length > left && rest.length > 0) {
    const [largest] = [...rest].sort((a, b) => b.content.length - a.content.length);
    rest = rest.filter(file => file !== largest);
    if (largest) leftOut.push(largest.path);
    zipped = gzipSync(JSON.stringify(rest));
  }
  return { objects, rest: zipped, leftOut };
}

export function releaseIn({ metadata, data }: RecordMap): Release {
  const said = JSON.parse(data?.[SAID] ?? '{}') as Omit<Release, 'status'>;
  return { ...said, status: metadata.labels?.[STATUS] as Status };
}

export function filesIn(record: RecordMap): StoredFile[] {
  const objects = keptIn(record, KEPT);
  return [
    ...(JSON.parse(keptIn(record, FILES) ?? '[]') as StoredFile[]),
    ...(objects === undefined ? [] : [{ path: OBJECTS, content: objects, mode: 0o644 }]),
  ];
}

/** As a person reads the objects of a release, and applies them. */
export const unpacking = (namespace: string, project: string, release: Release): string =>
  `kubectl --namespace ${namespace} get configmap ${recordName(project, release)} --output 'jsonpath={.binaryData.${KEPT}}' | base64 --decode | gunzip`;
