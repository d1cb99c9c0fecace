/** Services and their revisions, as Cloud Run keeps them: https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services */
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import { Refusal } from './refusal.mjs';

const refuse = (message, code) => {
  throw new Refusal(message, code);
};
const invalid = message => refuse(`INVALID_ARGUMENT: ${message}`);
const RESERVED = /^(?:PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)$/;

export function replace(world, text) {
  const document = parseDocument(text);
  if (document.errors.length > 0) refuse(`argument FILE: ${document.errors[0].message}`, 2);
  const wanted = document.toJS();
  const { name } = wanted.metadata;
  const revision = wanted.spec.template.metadata.name;
  judge(world, wanted);
  const service = world.services[name] ?? { policy: {}, revisions: {}, traffic: [], generation: 0 };
  world.services[name] = service;
  const known = service.revisions[revision];
  if (known && !isDeepStrictEqual(known.spec, wanted.spec.template.spec))
    invalid(`Revision named '${revision}' with different configuration already exists`);
  const image = wanted.spec.template.spec.containers[0].image;
  const ready = world.broken.some(part => image.includes(part)) ? 'False' : 'True';
  service.revisions[revision] ??= {
    spec: wanted.spec.template.spec,
    annotations: wanted.spec.template.metadata.annotations,
    ready,
    at: Object.keys(service.revisions).length,
    made: new Date().toISOString(),
  };
  service.annotations = wanted.metadata.annotations;
  const targets = routed(service, wanted.spec.traffic);
  if (ready === 'False') {
    // Traffic that was meant for others is routed all the same.
    service.traffic = targets.filter(target => target.revisionName !== revision);
    refuse(`The user-provided container failed the configured startup probe checks. (${revision})`);
  }
  service.traffic = targets;
}

function judge(world, { apiVersion, kind, metadata, spec }) {
  if (apiVersion !== 'serving.knative.dev/v1' || kind !== 'Service')
    invalid(`no Knative service: ${apiVersion} ${kind}`);
  const {
    metadata: template,
    spec: { containers, serviceAccountName, volumes = [] },
  } = spec.template;
  if (!template.name.startsWith(`${metadata.name}-`) || !/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(template.name))
    invalid(`the name of revision ${template.name}`);
  if (!world.accounts.includes(serviceAccountName) && !world.others.includes(serviceAccountName))
    refuse(
      `Permission 'iam.serviceaccounts.actAs' denied on service account ${serviceAccountName} (or it may not exist).`,
    );
  const [container] = containers;
  const [image, digest] = container.image.split('@');
  if (!/^sha256:[0-9a-f]{64}$/.test(digest ?? '')) invalid(`${container.image} names no digest`);
  if (!world.pulls.some(start => image.startsWith(start)))
    invalid(
      `Expected an image path like [host/]repo-path[:tag and/or @digest], where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained ${image}`,
    );
  for (const { name, valueFrom } of container.env ?? []) {
    if (RESERVED.test(name)) invalid(`The following reserved env names were provided: ${name}`);
    if (valueFrom)
      readable(world, serviceAccountName, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key);
  }
  for (const { secret } of volumes)
    if (secret) readable(world, serviceAccountName, secret.secretName, secret.items[0].key);
}

function readable(world, account, id, version) {
  if (!/^[1-9]\d*$/.test(version)) invalid(`${id}: the version ${version} is not pinned`);
  const secret =
    world.secrets[id] ?? refuse(`Secret projects/1/secrets/${id}/versions/${version} was not found`);
  if (secret.versions[version - 1]?.state !== 'ENABLED') refuse(`${id}/${version} is not enabled`);
  const readers = secret.policy['roles/secretmanager.secretAccessor'] ?? [];
  if (!readers.includes(`serviceAccount:${account}`))
    refuse(`Permission denied on secret: ${id} for Revision service account ${account}.`);
}

function routed(service, traffic) {
  if (!Array.isArray(traffic)) invalid('no traffic: all of it would go to the new revision at once');
  const total = traffic.reduce((sum, { percent = 0 }) => sum + percent, 0);
  if (total !== 100) invalid(`Traffic targets sum to ${total}, not 100`);
  const latest = Object.keys(service.revisions).at(-1);
  for (const { revisionName, latestRevision, tag } of traffic) {
    if ((revisionName === undefined) !== (latestRevision === true))
      invalid('a target is a revision or the latest');
    if (revisionName && !service.revisions[revisionName]) invalid(`Revision '${revisionName}' is not found`);
    if (tag !== undefined && !/^[a-z][a-z0-9-]{0,45}$/.test(tag)) invalid(`the tag ${tag}`);
  }
  return traffic.map(target => ({ ...target, revisionName: target.revisionName ?? latest }));
}

/** The newest first, as who asks has to say. */
export const revisionList = ({ revisions }) =>
  Object.entries(revisions)
    .sort(([, a], [, b]) => b.at - a.at)
    .map(([name, { annotations, ready, spec, made }]) => ({
      metadata: { name, annotations, creationTimestamp: made },
      spec,
      status: { conditions: [{ type: 'Ready', status: ready }] },
    }));

export function serviceStatus(world, service) {
  const name = Object.keys(world.services).find(key => world.services[key] === service);
  const host = `${name}-abc123-uc.a.run.app`;
  const ready = Object.entries(service.revisions)
    .filter(([, each]) => each.ready === 'True')
    .map(([key]) => key);
  return {
    metadata: { name, annotations: service.annotations },
    status: {
      url: `https://${host}`,
      latestReadyRevisionName: ready.at(-1),
      traffic: service.traffic.map(target => ({
        ...target,
        ...(target.tag ? { url: `https://${target.tag}---${host}` } : {}),
      })),
    },
  };
}

/** As gcloud computes it: who is not named shares what is left in proportion, and a tag stands for itself. */
export function updateTraffic(service, flags) {
  const { '--to-revisions': shares, '--update-tags': tags, '--to-latest': latest } = flags;
  if (!shares && !tags && !latest) refuse('No traffic configuration change requested.', 2);
  let targets = service.traffic;
  for (const each of tags?.split(',') ?? []) {
    const [, tag, revisionName] =
      /^([a-z][a-z0-9-]*)=([a-z0-9-]+)$/.exec(each) ?? refuse(`--update-tags=${tags}`, 2);
    if (service.revisions[revisionName]?.ready !== 'True') invalid(`Revision '${revisionName}' is not ready`);
    targets = targets.map(({ tag: old, ...rest }) =>
      old === tag ? rest : { ...rest, ...(old && { tag: old }) },
    );
    targets = [...targets.filter(({ percent, tag: old }) => percent || old), { revisionName, tag }];
  }
  if (shares || latest) targets = shifted(service, targets, latest ? 'LATEST=100' : shares);
  service.traffic = targets;
}

function shifted(service, targets, text) {
  const wanted = new Map();
  for (const each of text.split(',')) {
    const [, name, percent] =
      /^(LATEST|[a-z0-9-]+)=(\d{1,3})$/.exec(each) ?? refuse(`--to-revisions=${text}`, 2);
    if (wanted.has(name)) refuse(`--to-revisions: ${name} is there twice`, 2);
    if (name !== 'LATEST' && service.revisions[name]?.ready !== 'True')
      invalid(`Revision '${name}' is not ready and cannot serve traffic.`);
    wanted.set(name, Number(percent));
  }
  const named = [...wanted.values()].reduce((sum, each) => sum + each, 0);
  if (named > 100) refuse('the shares are more than 100', 2);
  const others = targets.filter(({ percent, revisionName }) => percent && !wanted.has(revisionName));
  const before = others.reduce((sum, { percent }) => sum + percent, 0);
  if (named < 100 && before === 0) refuse('the shares are less than 100, and nothing else serves', 2);
  const rest = others.map(({ tag, ...each }) => ({
    ...each,
    percent: (each.percent * (100 - named)) / before,
  }));
  const newest = Object.keys(service.revisions).at(-1);
  return [
    ...[...wanted].map(([name, percent]) => ({
      revisionName: name === 'LATEST' ? newest : name,
      percent,
      ...(name === 'LATEST' && { latestRevision: true }),
    })),
    ...rest.filter(({ percent }) => percent > 0),
    ...targets.filter(({ tag }) => tag).map(({ revisionName, tag }) => ({ revisionName, tag })),
  ];
}
