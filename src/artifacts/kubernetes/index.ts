import type { Kind, Parsed } from '../document.ts';
import type { Text } from '../text.ts';
import type { YamlMap } from '../yaml.ts';
import { readYaml } from '../yaml-reader.ts';
import { kustomizationComponents, manifestComponents } from './facts.ts';
import { parseKubernetes } from './parse.ts';

const NEVER = /^(?!)/;

/** A file of RFC 6902 operations, which a kustomization applies. */
const isPatch = (text: string): boolean =>
  /^(?:-\s{1,4}(?:op|path|value|from):|\s{0,80}\[\s{0,80}\{)/m.test(text) &&
  /[\s{,"']op["']?:\s?["']?(?:add|copy|move|remove|replace|test)\b/.test(text) &&
  /[\s{,"']path["']?:\s?["']?\//.test(text);

export const kubernetes: Kind<'kubernetes'> = {
  id: 'kubernetes',
  title: 'Kubernetes manifest',
  comment: '#',
  names: NEVER,
  content: text =>
    isPatch(text) ||
    (/^["' {]*apiVersion["']?\s*:/m.test(text) &&
      /^["' {]*kind["']?\s*:/m.test(text) &&
      !/^apiVersion:\s*["']?(?:serving\.knative\.dev|kustomize\.config\.k8s\.io)\//m.test(text)),
  parse: parseKubernetes,
  components: manifestComponents,
};

export const kustomization: Kind<'kustomization'> = {
  id: 'kustomization',
  title: 'kustomization',
  comment: '#',
  names: /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/,
  content: text => /^apiVersion:\s*["']?kustomize\.config\.k8s\.io\//m.test(text),
  parse: parseKustomization,
  components: kustomizationComponents,
};

function parseKustomization(text: Text): Parsed<YamlMap> {
  const { roots, faults } = readYaml(text);
  const root = roots[0];
  if (root?.kind === 'map') return { body: root, faults };
  if (faults.length > 0) return { faults };
  return {
    faults: [{ rule: 'file/unreadable', offset: 0, message: 'a kustomization is a mapping with resources' }],
  };
}
