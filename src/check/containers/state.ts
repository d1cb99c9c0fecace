import { type Fact, factOf, factsOf } from '../../artifacts/fact.ts';
import { shortName } from '../../artifacts/image.ts';
import { objectSets } from '../../artifacts/kubernetes/kustomize.ts';
import { at, itemsOf, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import type { Finding } from '../rule.ts';
import { BROKER, DATABASE, MODEL_SERVER } from '../stores.ts';
import { cited, listed } from '../words.ts';

/** Folders that are configured or filled from outside and hold none of the data. */
const NO_DATA = /^\/(?:docker-entrypoint-initdb\.d|etc|run|tmp|dev\/shm|var\/run)(?:\/|$)/;

export function withoutVolume(member: Member): Finding[] {
  const image = factOf(member, 'image');
  const name = image ? shortName(image.value) : '';
  const isData = DATABASE.test(name);
  if (!image || member.platform === 'cloudrun' || !(isData || MODEL_SERVER.test(name) || BROKER.test(name)))
    return [];
  const volumes = factsOf(member, 'volume').filter(
    ({ value }) => !value.readOnly && !NO_DATA.test(value.target),
  );
  // A tmpfs for the data was chosen; an emptyDir is often taken for a volume.
  if (
    volumes.some(
      ({ value }) => /^(?:volume|bind|claim)$/.test(value.kind) || member.platform !== 'kubernetes',
    )
  )
    return [];
  const scratch = volumes.find(({ value }) => value.kind === 'scratch');
  const what = isData ? 'its data' : MODEL_SERVER.test(name) ? 'its models' : 'its messages';
  const where = scratch ? `only an emptyDir (${scratch.value.target})` : 'no volume';
  return [
    {
      at: image.at,
      severity: isData ? 'error' : 'warning',
      message: `${member.name} (${image.value.raw}) has ${where} for ${what}: gone with the container`,
      ...(scratch ? { related: [cited(scratch, 'an emptyDir ends with its pod')] } : {}),
    },
  ];
}

type Claims = ReadonlyMap<string, { readonly modes: readonly string[]; readonly at: Finding['at'] }>;

export const claimsIn = ({ documents }: Context): Claims =>
  new Map(
    objectSets(documents).flatMap(({ objects }) =>
      objects
        .filter(each => each.kind === 'PersistentVolumeClaim' && each.name !== undefined)
        .map(({ name, namespace, root }) => [
          `${namespace ?? ''}/${name}`,
          {
            modes: itemsOf(at(root, 'spec', 'accessModes')).flatMap(mode => textOfNode(mode) ?? []),
            at: placeOf(root),
          },
        ]),
    ),
  );

export function sharedClaim(member: Member, claims: Claims): Finding[] {
  const count = factOf(member, 'replicas.max') ?? factOf(member, 'replicas');
  if (member.platform !== 'kubernetes' || !count || count.value < 2) return [];
  return factsOf(member, 'volume').flatMap((volume: Fact<'volume'>): Finding[] => {
    const claim = claims.get(`${member.scope}/${volume.value.source}`);
    if (volume.value.kind !== 'claim' || !claim || claim.modes.length === 0) return [];
    if (!claim.modes.every(mode => /^ReadWriteOnce(?:Pod)?$/.test(mode))) return [];
    const message = `${count.value} replicas of ${member.name} share the claim ${volume.value.source}, which is ${listed(claim.modes)}`;
    return [
      {
        at: volume.at,
        message,
        related: [
          cited(count as Member['facts'][number], `${count.value} replicas`),
          { ...claim.at, message: listed(claim.modes) },
        ],
      },
    ];
  });
}
