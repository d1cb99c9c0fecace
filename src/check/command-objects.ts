import { optionValues, type Word } from '../artifacts/shell/script.ts';
import { type ContainerNames, containerNames, isOfCompose } from './container-names.ts';
import type { Context } from './context.ts';
import { kindNamed, type Named, namedObjects } from './kubernetes/objects.ts';
import type { Finding } from './rule.ts';
import { type Call, callsOf, operandsOf } from './scripts.ts';
import { listed } from './words.ts';

const OF_OBJECTS =
  /^(?:annotate|autoscale|delete|describe|edit|exec|expose|get|label|logs|patch|port-forward|rollout|scale|set|top|wait)$/;
const VALUED =
  '-l --selector -c --container -o --output --replicas --timeout --for --tail --since --context --kubeconfig -f --filename -p --patch --type --sort-by --min --max --field-selector --image'.split(
    ' ',
  );

/** kubectl looks in the namespace of its context, which is `default` unless somebody chose another. */
export function withoutNamespace(context: Context): readonly Finding[] {
  const calls = callsOf(context, 'kubectl', 'oc');
  const chosen =
    callsOf(context, 'kubens').length > 0 ||
    calls.some(({ command }) =>
      /\bset-context\b.*--namespace/.test(command.words.map(word => word.raw).join(' ')),
    );
  if (chosen || calls.length === 0) return [];
  const named = namedObjects(context);
  return calls.flatMap(call => ofKubectl(call, named));
}

const HAS_NAMESPACE =
  /^(?:-n.*|--namespace(?:=.*)?|-A|--all-namespaces|-f.*|--filename.*|-k.*|--kustomize.*)$/;

function ofKubectl(call: Call, named: Named): Finding[] {
  const { words } = call.command;
  const end = words.findIndex(word => word.raw === '--');
  const command = end === -1 ? call.command : { ...call.command, words: words.slice(0, end) };
  const [verb, ...operands] = operandsOf(command, ...VALUED);
  const [program] = words;
  // A variable may bring the option.
  if (!verb || !program || !OF_OBJECTS.test(verb.raw)) return [];
  if (command.words.some(word => HAS_NAMESPACE.test(word.raw) || /^["']?\$/.test(word.raw))) return [];
  const key = keysIn(operands, optionValues(command, '-l', '--selector')).find(each => named.has(each));
  const objects = key === undefined ? [] : (named.get(key) ?? []);
  const spaces = [...new Set(objects.map(object => object.namespace))];
  if (spaces.length === 0 || spaces.includes(undefined) || spaces.includes('default')) return [];
  const [space] = spaces;
  const { text } = call.shell.document;
  return [
    {
      at: call.at,
      message: `kubectl ${verb.raw} looks for ${key} in the namespace of its context, and it stands in ${listed(spaces.map(String))}`,
      related: objects
        .slice(0, 3)
        .map(({ root, namespace }) => ({ ...root.text.place(root.start), message: `in ${namespace}` })),
      ...(spaces.length === 1 ? { edits: [text.edit(program.end, program.end, ` -n ${space}`)] } : {}),
    },
  ];
}

/** `deployment/chat`, `deployment chat`, `-l app=chat`; a name alone is a pod's, which has a suffix. */
const keysIn = (operands: readonly Word[], selectors: readonly Word[]): string[] => [
  ...operands.flatMap((word, i) => {
    const [kind = '', name] = (word.value ?? '').split('/');
    const known = kindNamed(kind);
    return known ? [`${known} ${name ?? operands[i + 1]?.value}`] : [];
  }),
  ...selectors.flatMap(word => word.value?.split(',') ?? []),
];

const ON_CONTAINERS =
  /^(?:attach|exec|inspect|kill|logs|pause|port|rename|restart|rm|start|stats|stop|top|update|wait)$/;
const DOCKER_VALUED =
  '-e --env -u --user -w --workdir -n --tail --since --until --time -s --signal --format --filter --memory -m --cpus --env-file'.split(
    ' ',
  );
/** What `-t` takes a value for: seconds to wait. To others it is a terminal, or a column of times. */
const STOPS = /\b(?:stop|restart)\b/;

/** Names that nothing in the set assigns; of compose a service is not the name of its container. */
export function unassigned(context: Context): readonly Finding[] {
  const calls = callsOf(context, 'docker', 'podman');
  const names = calls.length === 0 ? undefined : containerNames(context);
  return names ? calls.flatMap(call => ofDocker(context, call, names)) : [];
}

/** In a guide `CONTAINER_ID` and `container-name` are for its reader to fill in. */
const isToldOf = ({ shell: { host } }: Call, name: string): boolean =>
  host.kind === 'markdown' && /^[A-Z][A-Z\d_]+$|container|^(?:my|your|some)[-_]/.test(name);

function ofDocker(context: Context, call: Call, { containers, services, open }: ContainerNames): Finding[] {
  const [verb, ...operands] = operandsOf(
    call.command,
    ...DOCKER_VALUED,
    ...(STOPS.test(call.command.words[1]?.raw ?? '') ? ['-t'] : []),
  );
  if (!verb || !ON_CONTAINERS.test(verb.raw)) return [];
  const targets = /^(?:exec|attach|port|rename|top)$/.test(verb.raw) ? operands.slice(0, 1) : operands;
  return targets.flatMap((word): Finding[] => {
    const name = word.value;
    if (name === undefined || !/^[A-Za-z][\w.-]{2,}$/.test(name) || /^[\da-f]{12,64}$/.test(name)) return [];
    if (
      isToldOf(call, name) ||
      open ||
      containers.has(name) ||
      isOfCompose(name, services) ||
      OF_TOOLS.test(name)
    )
      return [];
    const at = call.shell.document.text.place(word.start);
    if (services.has(name))
      return [
        {
          at,
          message: `${name} is a service of compose, and no container bears that name: docker ${verb.raw} finds none`,
          fix: `Ask compose for it: docker compose ${verb.raw} ${name}; or give it a container_name.`,
        },
      ];
    if (!context.closed || containers.size + services.size === 0 || verb.raw === 'inspect') return [];
    return [{ at, message: `nothing here names a container ${name}, on which docker ${verb.raw} works` }];
  });
}

const OF_TOOLS = /control-plane|buildx|minikube|registry|worker\d*$|kind|k3d|localstack|watchtower/;
