import type { Detection } from './detection.ts';
import { databaseDraft, thirdPartyDraft } from './draft/beside.ts';
import { serviceDraft } from './draft/service.ts';
import type { Draft } from './draft/values.ts';
import { isPinned } from './thirdparty.ts';

export type { Draft };

/**
 * A draft of aideploy.yaml as plain data, with its keys in the order that a reader expects. It holds what was found
 * and differs from a default, or what the program needs to be told; questions that only the author can answer
 * (registry, domain, targets) are left open. Secrets are names.
 */
export function toConfig(detection: Detection): Draft {
  const { name, services, thirdParty, database, domain, registry } = detection;
  const beside = thirdParty.filter(({ image }) => isPinned(image.value));
  const served = services.filter(({ kind }) => kind.value === 'http');
  const around = { beside, database, alone: served.length === 1 };
  const unitOf = (key: string) => (services.length === 1 ? name.value : `${name.value}-${key}`);
  return {
    version: 1,
    name: name.value,
    ...(domain ? { domain: domain.value } : {}),
    ...(registry ? { image: { registry: registry.value } } : {}),
    services: {
      ...Object.fromEntries(
        services.map(service => [
          service.key,
          serviceDraft(service, { ...around, unit: unitOf(service.key) }),
        ]),
      ),
      ...Object.fromEntries(beside.map(service => [service.key, thirdPartyDraft(service)])),
    },
    ...(database ? { database: databaseDraft(database, name.value, services) } : {}),
  };
}
