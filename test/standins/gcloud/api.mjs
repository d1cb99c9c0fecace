/** What each command does to the world, and what the platform refuses. */
import { readFileSync } from 'node:fs';
import { domains } from './domains.mjs';
import { Refusal } from './refusal.mjs';
import { replace, revisionList, serviceStatus, updateTraffic } from './services.mjs';

const refuse = (message, code = 1) => {
  throw new Refusal(message, code);
};
const needs = (world, api) => {
  if (!world.apis.includes(api)) refuse(`SERVICE_DISABLED: ${api} has not been used in this project before`);
};
const secretOf = (world, id) => {
  needs(world, 'secretmanager.googleapis.com');
  return world.secrets[id] ?? refuse(`NOT_FOUND: Secret [projects/1/secrets/${id}] not found`);
};
const serviceOf = (world, name) => {
  needs(world, 'run.googleapis.com');
  return world.services[name] ?? refuse(`Cannot find service [${name}]`);
};
const etagOf = ({ changes = 0 }) => `"etag${changes}"`;
const described = (secret, id) => ({ name: id, etag: etagOf(secret), annotations: secret.annotations });
const MEMBER = /^(?:allUsers|allAuthenticatedUsers|(?:user|group|serviceAccount|domain):[^\s:]+)$/;

function bind(world, policy, { flags }) {
  const { '--member': member, '--role': role, '--condition': condition } = flags;
  if (!MEMBER.test(member)) refuse(`INVALID_ARGUMENT: ${member} is no member`, 1);
  if (!/^roles\/[a-zA-Z.]+$/.test(role)) refuse(`INVALID_ARGUMENT: ${role} is no role`);
  if (condition !== 'None') refuse('a policy with conditions asks which one is meant: --condition', 2);
  const account = /^serviceAccount:(.*)$/.exec(member)?.[1];
  if (
    account?.endsWith(`@${world.project}.iam.gserviceaccount.com`) &&
    !world.accounts.includes(account) &&
    !world.others.includes(account)
  )
    refuse(`INVALID_ARGUMENT: Service account ${account} does not exist.`);
  policy[role] = [...new Set([...(policy[role] ?? []), member])];
}

const versionName = (id, number) => `projects/1/secrets/${id}/versions/${number}`;

function addVersion(world, id, { flags, input }) {
  const secret = secretOf(world, id);
  const from = flags['--data-file'] ?? refuse('--data-file is required', 2);
  const data = from === '-' ? input : readFileSync(from).toString('base64');
  if (data === '') refuse('INVALID_ARGUMENT: Secret Payload cannot be empty.');
  secret.versions.push({ data, state: 'ENABLED' });
  return { name: versionName(id, secret.versions.length) };
}

export const COMMANDS = {
  'services enable': (world, { positionals }) => {
    for (const api of positionals)
      if (!/^[a-z]+\.googleapis\.com$/.test(api)) refuse(`INVALID_ARGUMENT: no service ${api}`);
    world.apis = [...new Set([...world.apis, ...positionals])];
  },
  'artifacts repositories describe': (world, { positionals: [name], flags }) => {
    needs(world, 'artifactregistry.googleapis.com');
    const key = `${flags['--project']}/${flags['--location']}/${name}`;
    return world.repositories[key] ?? refuse('NOT_FOUND: Requested entity was not found.');
  },
  'artifacts repositories create': (world, { positionals: [name], flags }) => {
    needs(world, 'artifactregistry.googleapis.com');
    const key = `${flags['--project']}/${flags['--location']}/${name}`;
    if (world.repositories[key]) refuse('ALREADY_EXISTS: the repository already exists');
    if (flags['--repository-format'] !== 'docker') refuse('INVALID_ARGUMENT: Invalid repository format');
    const remote = flags['--mode'] === 'remote-repository';
    if (remote !== '--remote-docker-repo' in flags)
      refuse('INVALID_ARGUMENT: a remote repository names its upstream', 1);
    world.repositories[key] = { name, remote: flags['--remote-docker-repo'] };
  },
  'artifacts docker images describe': (world, { positionals: [image] }) => {
    const digest = world.images[image] ?? refuse('NOT_FOUND: Image not found.');
    return { image_summary: { digest } };
  },
  'iam service-accounts describe': (world, { positionals: [email] }) => {
    needs(world, 'iam.googleapis.com');
    return world.accounts.includes(email) ? { email } : refuse('NOT_FOUND: Unknown service account');
  },
  'iam service-accounts create': (world, { positionals: [id], flags }) => {
    if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(id)) refuse(`argument NAME: Bad value [${id}]`, 2);
    if ((flags['--display-name'] ?? '').length > 100)
      refuse('INVALID_ARGUMENT: the display name is too long');
    const email = `${id}@${flags['--project']}.iam.gserviceaccount.com`;
    if (world.accounts.includes(email)) refuse(`Resource in projects [${id}] is the subject of a conflict`);
    world.accounts.push(email);
  },
  'secrets describe': (world, { positionals: [id] }) => described(secretOf(world, id), id),
  'secrets update': (world, { positionals: [id], flags }) => {
    const secret = secretOf(world, id);
    const [, key, value] = /^([a-z-]+)=([A-Za-z0-9_-]+)$/.exec(flags['--update-annotations'] ?? '') ?? [];
    const gone = flags['--remove-annotations'];
    if (!key && !gone) refuse('one annotation is what a lease is', 2);
    if (flags['--etag'] !== etagOf(secret)) refuse('FAILED_PRECONDITION: The etag does not match.');
    secret.changes = (secret.changes ?? 0) + 1;
    secret.annotations = { ...secret.annotations, ...(key && { [key]: value }) };
    if (gone) delete secret.annotations[gone];
    return described(secret, id);
  },
  'secrets create': (world, { positionals: [id], flags }) => {
    needs(world, 'secretmanager.googleapis.com');
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(id)) refuse(`INVALID_ARGUMENT: ${id}`);
    if (world.secrets[id]) refuse(`ALREADY_EXISTS: Secret [projects/1/secrets/${id}] already exists.`);
    if (flags['--replication-policy'] !== 'automatic')
      refuse('--replication-policy: automatic is meant here', 2);
    world.secrets[id] = { versions: [], policy: {} };
    return described(world.secrets[id], id);
  },
  'secrets versions add': (world, call) => addVersion(world, call.positionals[0], call),
  'secrets versions list': (world, { positionals: [id], flags }) => {
    if (
      flags['--filter'] !== 'state=ENABLED' ||
      flags['--sort-by'] !== '~createTime' ||
      flags['--limit'] !== '1'
    )
      refuse('the newest enabled version is what a deploy asks for', 2);
    const number = secretOf(world, id).versions.findLastIndex(({ state }) => state === 'ENABLED') + 1;
    return number === 0 ? [] : [{ name: versionName(id, number) }];
  },
  'secrets versions access': (world, { positionals: [number], flags }) => {
    const version = secretOf(world, flags['--secret']).versions[number - 1];
    if (version?.state !== 'ENABLED') refuse('FAILED_PRECONDITION: the version is not enabled');
    return Buffer.from(version.data, 'base64').toString();
  },
  'secrets add-iam-policy-binding': (world, call) =>
    bind(world, secretOf(world, call.positionals[0]).policy, call),
  'compute networks vpc-access connectors describe': (world, { positionals: [name] }) =>
    world.connectors.includes(name) ? { name } : refuse(`NOT_FOUND: connector ${name} not found`),
  'run services replace': (world, { positionals: [file] }) => {
    needs(world, 'run.googleapis.com');
    return replace(world, readFileSync(file, 'utf8'));
  },
  'run services describe': (world, { positionals: [name] }) => serviceStatus(world, serviceOf(world, name)),
  'run services update-traffic': (world, { positionals: [name], flags }) =>
    updateTraffic(serviceOf(world, name), flags),
  'run services get-iam-policy': (world, { positionals: [name] }) => ({
    bindings: Object.entries(serviceOf(world, name).policy).map(([role, members]) => ({ role, members })),
  }),
  'run services add-iam-policy-binding': (world, call) =>
    bind(world, serviceOf(world, call.positionals[0]).policy, call),
  'run services remove-iam-policy-binding': (world, { positionals: [name], flags }) => {
    const { policy } = serviceOf(world, name);
    const members = policy[flags['--role']] ?? [];
    if (!members.includes(flags['--member']))
      refuse('Policy binding with the specified principal not found!');
    policy[flags['--role']] = members.filter(member => member !== flags['--member']);
  },
  'run revisions list': (world, { flags }) => {
    if (flags['--sort-by'] !== '~metadata.creationTimestamp')
      refuse('the newest first is what a deploy asks for', 2);
    const service = world.services[flags['--service']];
    return service ? revisionList(service).slice(0, Number(flags['--limit'])) : [];
  },
  'logging read': (world, { positionals: [filter] }) => {
    const revision =
      /resource\.labels\.revision_name="([a-z0-9-]+)"/.exec(filter)?.[1] ??
      refuse('which revision is not said', 2);
    const lines = Object.entries(world.logs).find(([part]) => revision.includes(part))?.[1] ?? [];
    return lines.map(textPayload => ({ textPayload })).reverse();
  },
  'run revisions describe': (world, { positionals: [name] }) => {
    for (const { revisions } of Object.values(world.services))
      if (revisions[name])
        return {
          status: {
            conditions: [
              { type: 'Active', status: 'Unknown' },
              { type: 'Ready', status: revisions[name].ready },
            ],
          },
        };
    return refuse(`Cannot find revision [${name}]`);
  },
  'auth print-identity-token': (world, { flags }) => {
    if (world.person && '--audiences' in flags)
      refuse('Invalid account Type for `--audiences`. Requires valid service account.');
    return `token-for-${flags['--audiences'] ?? 'anybody'}\n`;
  },
  ...domains(serviceOf, refuse),
};
