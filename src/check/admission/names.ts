import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import {
  at,
  entriesOf,
  entryOf,
  isNull,
  textOfNode,
  type YamlEntry,
  type YamlNode,
} from '../../artifacts/yaml.ts';
import { type Fault, isPlaceholder } from '../schemas/fault.ts';

/** The text of a scalar; undefined also where something is still to be filled in. */
export function known(node: YamlNode | undefined): string | undefined {
  const text = textOfNode(node);
  return text === undefined || isPlaceholder(text) ? undefined : text;
}

/** Whether there is something; nothing at all is as good as absent. */
export const isGiven = (node: YamlNode | undefined): node is YamlNode => node !== undefined && !isNull(node);

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

const tooLong = (text: string, most: number): string | undefined =>
  text.length > most ? `has ${text.length} characters; ${most} at most` : undefined;

/** Why a text is no name of this form, behind it; undefined where it is one. */
export const labelFault = (text: string): string | undefined =>
  tooLong(text, 63) ??
  (LABEL.test(text)
    ? undefined
    : 'may hold only a-z, 0-9 and -, and has to begin and end with a letter or digit');

export const subdomainFault = (text: string): string | undefined =>
  tooLong(text, 253) ??
  (SUBDOMAIN.test(text)
    ? undefined
    : 'may hold only a-z, 0-9, - and ., and has to begin and end with a letter or digit');

/** https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/: an IANA service name. */
export const portNameFault = (text: string): string | undefined =>
  tooLong(text, 15) ??
  (LABEL.test(text) && /[a-z]/.test(text) && !text.includes('--')
    ? undefined
    : 'may hold only a-z, 0-9 and single -, with a letter among them');

/** A port given as a name or a number; digits in quotes are neither. */
export function portFault(node: YamlNode | undefined): string | undefined {
  const text = known(node);
  if (text === undefined || node?.kind !== 'scalar') return undefined;
  if (typeof node.value === 'number')
    return node.value >= 1 && node.value <= 65_535 ? undefined : `is ${node.value}; a port is 1 to 65535`;
  const fault = portNameFault(text);
  return fault && (/^\d+$/.test(text) ? 'is a string: a name of a port has a letter' : fault);
}

function keyFault(key: string): string | undefined {
  const slash = key.indexOf('/');
  const prefix = slash === -1 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  if (prefix !== undefined && (prefix === '' || prefix.length > 253 || !SUBDOMAIN.test(prefix)))
    return 'has a prefix that is no DNS name';
  return (
    tooLong(name, 63) ??
    (QUALIFIED.test(name)
      ? undefined
      : 'may hold only letters, digits, -, _ and ., and has to begin and end with a letter or digit')
  );
}

const valueFault = (value: string): string | undefined =>
  tooLong(value, 63) ??
  (value === '' || QUALIFIED.test(value)
    ? undefined
    : 'may hold only letters, digits, -, _ and ., and has to begin and end with a letter or digit');

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export function labelFaults(labels: YamlNode | undefined): Fault[] {
  return entriesOf(labels).flatMap(entry => {
    const value = known(entry.value);
    const fault = value === undefined ? undefined : valueFault(value);
    return [
      ...keyFaults(entry, 'label'),
      ...(fault ? [{ at: entry.value, message: `label ${entry.key.source}: "${value}" ${fault}` }] : []),
    ];
  });
}

const keyFaults = ({ key }: YamlEntry, what: string): Fault[] => {
  const fault = isPlaceholder(key.source) ? undefined : keyFault(key.source);
  return fault ? [{ at: key, message: `${what} ${key.source} ${fault}` }] : [];
};

/** Of an object or of the pods that it makes. */
export const metadataFaults = (metadata: YamlNode | undefined): Fault[] => [
  ...labelFaults(at(metadata, 'labels')),
  ...entriesOf(at(metadata, 'annotations')).flatMap(entry => keyFaults(entry, 'annotation')),
];

/** Kinds whose name is part of a DNS name by itself; those of RBAC may hold anything but a slash. */
const LABEL_KINDS = new Set(['Namespace', 'Service']);
const FREE = /^rbac\.authorization\.k8s\.io\//;

export function nameFaults({ apiVersion, kind, root }: KubernetesObject): Fault[] {
  const metadata = at(root, 'metadata');
  const node = at(metadata, 'name');
  if (!isGiven(node)) {
    const place = entryOf(root, 'metadata')?.key ?? at(root, 'kind') ?? root;
    return isGiven(at(metadata, 'generateName')) ? [] : [{ at: place, message: 'it has no metadata.name' }];
  }
  const name = known(node);
  if (name === undefined) return [];
  const fault = FREE.test(apiVersion)
    ? undefined
    : LABEL_KINDS.has(kind)
      ? labelFault(name)
      : (subdomainFault(name) ?? (kind === 'CronJob' ? tooLong(name, 52) : undefined));
  return fault ? [{ at: node, message: `the name "${name}" ${fault}` }] : [];
}
