import { kubernetesQuantity } from '../../artifacts/quantities.ts';
import { at, entriesOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { known } from './names.ts';

const STANDARD = /^(?:cpu|memory|ephemeral-storage|hugepages-.+|requests\..+|limits\..+)$/;

/** https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export function resourceFaults(resources: YamlNode | undefined): Fault[] {
  return (['requests', 'limits'] as const).flatMap(list =>
    entriesOf(at(resources, list)).flatMap(({ key, value }): Fault[] => {
      const name = known(key);
      if (name === undefined) return [];
      if (!STANDARD.test(name) && !name.includes('/'))
        return [{ at: key, message: `${name} in ${list} is no resource of a container` }];
      const amount = quantityOf(value);
      const limit = list === 'requests' ? at(resources, 'limits', name) : undefined;
      const most = quantityOf(limit);
      return amount !== undefined && most !== undefined && amount > most * (1 + 1e-9)
        ? [
            {
              at: value,
              message: `it requests ${known(value)} ${name}, more than its limit of ${known(limit)}`,
            },
          ]
        : [];
    }),
  );
}

function quantityOf(node: YamlNode | undefined): number | undefined {
  const text = known(node);
  return text === undefined ? undefined : kubernetesQuantity(text);
}
