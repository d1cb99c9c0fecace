import type { AnyDocument, Document } from '../document.ts';
import { type AnyFact, type Component, stated } from '../fact.ts';
import { imageReference } from '../image.ts';
import { interpolated, type Lookup, partlyInterpolated } from '../interpolate.ts';
import { binarySize, goDuration } from '../quantities.ts';
import { beside } from '../text.ts';
import { at, entriesOf, itemsOf, placeOf, textOfNode, type YamlNode } from '../yaml.ts';
import type { Value } from './compose.ts';
import { environmentFacts } from './environment.ts';
import { baseOf, isJudgedElsewhere, type LayeredService, servicesOf } from './layers.ts';
import { portFacts } from './ports.ts';
import { securityFacts } from './security.ts';
import { volumeFacts } from './volumes.ts';

export function composeComponents(
  document: Document<'compose'>,
  set: readonly AnyDocument[],
): readonly Component[] {
  if (isJudgedElsewhere(document, set)) return [];
  const services = servicesOf(document, set);
  const lookup = dotEnv(document, set);
  const ending = new Set(services.flatMap(endingDependencies));
  const development = isDevelopment(document, set);
  return services.map(service => componentOf(document, service, lookup, ending, development));
}

function componentOf(
  document: Document<'compose'>,
  { entry, layers }: LayeredService,
  lookup: Lookup,
  ending: ReadonlySet<string>,
  development: boolean,
): Component {
  const last = (key: string) => layers.flatMap(layer => at(layer, key) ?? []).at(-1);
  const restart = textOfNode(last('restart'));
  return {
    platform: 'compose',
    form: 'container',
    name: entry.key.source,
    aliases: [
      ...texts(last('container_name')).map(text => interpolated(text, lookup) ?? text),
      ...layers.flatMap(networkAliases),
    ],
    at: placeOf(entry.key),
    scope: textOfNode(at(document.body.root, 'name')) ?? document.name.split('/').slice(0, -1).join('/'),
    ...(development ? { environment: 'development' } : {}),
    facts: layers.flatMap(layer => factsOfLayer(document, layer, lookup)),
    longRunning: restart !== 'no' && !ending.has(entry.key.source),
  };
}

/** What `compose.yaml` is where a whole `compose.prod.yaml` stands beside it. */
function isDevelopment(document: Document<'compose'>, set: readonly AnyDocument[]): boolean {
  if (!/(?:^|\/)(?:docker-)?compose\.ya?ml$/.test(document.name)) return false;
  const folder = document.name.split('/').slice(0, -1).join('/');
  return set.some(
    each =>
      each.kind === 'compose' &&
      /(?:^|\/)(?:docker-)?compose[.-]prod(?:uction)?\.ya?ml$/.test(each.name) &&
      each.name.split('/').slice(0, -1).join('/') === folder &&
      !baseOf(each, set),
  );
}

/** Services that another one waits for until they have ended. */
const endingDependencies = ({ layers }: LayeredService): string[] =>
  layers.flatMap(layer =>
    entriesOf(at(layer, 'depends_on'))
      .filter(({ value }) => textOfNode(at(value, 'condition')) === 'service_completed_successfully')
      .map(({ key }) => key.source),
  );

/** compose fills in `${X}` from the `.env` beside the file, and from whoever calls it. */
function dotEnv(document: Document<'compose'>, set: readonly AnyDocument[]): Lookup {
  const path = beside(document.name, '.env');
  const file = set.find(
    (each): each is Document<'env'> =>
      each.kind === 'env' &&
      each.name === path &&
      // What a guide shows is only the file of what the same guide shows.
      (each.text.within === undefined || each.text.file === document.text.file),
  );
  return name => file?.body.findLast(variable => variable.name === name)?.value;
}

const texts = (node: YamlNode | undefined): string[] =>
  node === undefined ? [] : [node, ...itemsOf(node)].flatMap(each => textOfNode(each) ?? []);

const networkAliases = (layer: YamlNode): string[] =>
  entriesOf(at(layer, 'networks')).flatMap(({ value }) => texts(at(value, 'aliases')));

function factsOfLayer(document: Document<'compose'>, layer: YamlNode, lookup: Lookup): AnyFact[] {
  const value = (node: YamlNode | undefined) => {
    const text = textOfNode(node);
    return text === undefined ? undefined : interpolated(text, lookup);
  };
  return [
    ...imageFacts(document, layer, value),
    ...environmentFacts(layer, value, node => partlyInterpolated(textOfNode(node) ?? '', lookup)),
    ...portFacts(layer, value),
    ...volumeFacts(layer, value),
    ...securityFacts(layer),
    ...runtimeFacts(layer, value),
    ...healthFacts(layer, value),
    ...dependencyFacts(layer),
  ];
}

function imageFacts(document: Document<'compose'>, layer: YamlNode, value: Value): AnyFact[] {
  const [image, build] = [at(layer, 'image'), at(layer, 'build')];
  const context = textOfNode(build) ?? textOfNode(at(build, 'context')) ?? '.';
  const dockerfile = textOfNode(at(build, 'dockerfile'));
  const folder = beside(document.name, context);
  const target = textOfNode(at(build, 'target'));
  return [
    ...(image ? stated('image', imageReference(value(image) ?? ''), placeOf(image)) : []),
    ...(build && folder !== undefined
      ? stated(
          'build',
          {
            context: folder || '.',
            dockerfile: beside(folder ? `${folder}/x` : 'x', dockerfile ?? 'Dockerfile') ?? 'Dockerfile',
            ...(target ? { target } : {}),
          },
          placeOf(build),
        )
      : []),
    ...commandFacts(layer, value),
  ];
}

function commandFacts(layer: YamlNode, value: Value): AnyFact[] {
  const [entrypoint, command] = [at(layer, 'entrypoint'), at(layer, 'command')];
  const node = entrypoint ?? command;
  if (!node || (node.kind === 'scalar' && node.value === null)) return [];
  const words = [entrypoint, command].flatMap(each =>
    each?.kind === 'list'
      ? each.items.map(item => value(item))
      : each
        ? (value(each)?.split(/\s+/) ?? [undefined])
        : [],
  );
  if (words.some(word => word === undefined)) return [];
  return stated(
    'command',
    { words: words as string[], shell: false, replaces: entrypoint ? 'all' : 'arguments' },
    placeOf(node),
  );
}

/** Both forms: a mapping, and a list of NAME=value. */
function runtimeFacts(layer: YamlNode, value: Value): AnyFact[] {
  const fact = <K extends Parameters<typeof stated>[0]>(
    kind: K,
    path: readonly string[],
    read: (text: string) => unknown,
  ) => {
    const node = at(layer, ...path);
    const text = value(node);
    return node && text !== undefined ? stated(kind, read(text) as never, placeOf(node)) : [];
  };
  const number = (text: string) => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined);
  const cores = (text: string) => (number(text) === undefined ? undefined : Number(text) * 1_000);
  const logging = at(layer, 'logging');
  const driver = textOfNode(at(logging, 'driver')) ?? 'json-file';
  return [
    ...fact('stop.budget', ['stop_grace_period'], goDuration),
    ...fact('restart', ['restart'], text => text),
    ...fact('user', ['user'], name => ({ name })),
    ...fact('memory.limit', ['mem_limit'], binarySize),
    ...fact('memory.limit', ['deploy', 'resources', 'limits', 'memory'], binarySize),
    ...fact('memory.request', ['deploy', 'resources', 'reservations', 'memory'], binarySize),
    ...fact('cpu.limit', ['cpus'], cores),
    ...fact('cpu.limit', ['deploy', 'resources', 'limits', 'cpus'], cores),
    ...fact('cpu.request', ['deploy', 'resources', 'reservations', 'cpus'], cores),
    ...fact('replicas', ['scale'], number),
    ...fact('replicas', ['deploy', 'replicas'], number),
    ...(logging
      ? stated(
          'log.driver',
          { driver, limited: at(logging, 'options', 'max-size') !== undefined },
          placeOf(logging),
        )
      : []),
  ];
}

function healthFacts(layer: YamlNode, value: Value): AnyFact[] {
  const check = at(layer, 'healthcheck');
  const test = at(check, 'test');
  if (!check) return [];
  const words =
    test?.kind === 'list'
      ? test.items.map(item => value(item) ?? '')
      : test
        ? ['CMD-SHELL', value(test) ?? '']
        : [];
  const disabled = words[0] === 'NONE' || textOfNode(at(check, 'disable')) === 'true';
  if (disabled) return [];
  const command = words[0] === 'CMD-SHELL' ? ['sh', '-c', words[1] ?? ''] : words.slice(1);
  const time = (key: string) => goDuration(value(at(check, key)) ?? '');
  const retries = Number(value(at(check, 'retries')));
  const health = {
    timeout: time('timeout'),
    period: time('interval'),
    delay: time('start_period'),
    failures: Number.isInteger(retries) ? retries : undefined,
  };
  const known = Object.fromEntries(Object.entries(health).filter(([, each]) => each !== undefined));
  return stated(
    'health',
    { role: 'container', ...(command.length > 0 ? { command } : {}), ...known },
    placeOf(test ?? check),
  );
}

function dependencyFacts(layer: YamlNode): AnyFact[] {
  const node = at(layer, 'depends_on');
  const hosts = at(layer, 'extra_hosts');
  return [
    ...entriesOf(node).flatMap(({ key, value }) => {
      const condition = textOfNode(at(value, 'condition'));
      return stated('depends', { name: key.source, ...(condition ? { condition } : {}) }, placeOf(key));
    }),
    ...itemsOf(node).flatMap(item => stated('depends', { name: textOfNode(item) ?? '' }, placeOf(item))),
    ...entriesOf(hosts).flatMap(({ key, value }) =>
      stated('host.extra', { name: key.source, address: textOfNode(value) ?? '' }, placeOf(key)),
    ),
    ...itemsOf(hosts).flatMap(item => {
      const [, name, address] = /^([^:=]+)[:=](.+)$/.exec(textOfNode(item) ?? '') ?? [];
      return name && address ? stated('host.extra', { name, address }, placeOf(item)) : [];
    }),
  ];
}
