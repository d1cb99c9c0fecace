import { secretName, TAG_UNSET } from '../../model/cluster.ts';
import { runsBeside } from '../../model/companions.ts';
import { isBuilt, type Model, type Service } from '../../model/model.ts';
import { isProperty } from '../../render/escape/properties.ts';
import { databaseSecretName } from './names.ts';
import {
  databaseUrl,
  expandable,
  literal,
  type Piece,
  passwordVariable,
  piecesOf,
  TAG_VARIABLE,
  variablesOf,
} from './place.ts';

export interface Environment {
  /** Same for every pod and without secrets: they stand in a ConfigMap. */
  readonly plain: Readonly<Record<string, string>>;
  /** The container's own `env`: secrets, and what is put together from others. */
  readonly own: readonly object[];
  /** Some of it names the tag of the image. */
  readonly tagged: boolean;
}

export function environmentOf(model: Model, service: Service): Environment {
  const values = Object.entries(service.env).map(([name, text]): [string, Piece[]] => [
    name,
    piecesOf(text, model, service),
  ]);
  const commands = [...(service.command ?? []), ...service.args].map(text => piecesOf(text, model, service));
  const secrets = service.secrets.map(secret => secretVariable(model, service, secret));
  const used = [...values.map(([, pieces]) => pieces), ...commands].flatMap(variablesOf);
  const plain = values.flatMap(([name, pieces]): [string, string][] => {
    const text = literal(pieces);
    return text === undefined || !isProperty(text) ? [] : [[name, text]];
  });
  const composed = values.filter(([name]) => !plain.some(([other]) => other === name));
  const needed = [...used, ...secrets.flatMap(({ pieces }) => variablesOf(pieces ?? []))];
  return {
    plain: Object.fromEntries([...runtimeVariables(service), ...plain]),
    own: [
      ...(used.includes(TAG_VARIABLE) ? [{ name: TAG_VARIABLE, value: TAG_UNSET }] : []),
      ...(needed.includes(passwordVariable('user')) ? [databasePassword(model, 'user')] : []),
      ...secrets.map(({ variable }) => variable),
      ...composed.map(([name, pieces]) => ({ name, value: expandable(pieces) })),
    ],
    tagged: used.includes(TAG_VARIABLE),
  };
}

function secretVariable(
  model: Model,
  service: Service,
  { name, from, optional }: Service['secrets'][number],
): { variable: object; pieces?: Piece[] } {
  if (from === 'database' && runsBeside(model.database)) {
    const pieces = databaseUrl(model, 'user');
    return { variable: { name, value: expandable(pieces) }, pieces };
  }
  return { variable: fromSecret(name, secretName(service), optional) };
}

/** The password of a role of the database that runs beside, for a URL that is put together from it. */
export const databasePassword = (model: Model, role: 'user' | 'owner'): object =>
  fromSecret(passwordVariable(role), databaseSecretName(model));

export const fromSecret = (name: string, secret: string, optional = false): object => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key: name, ...(optional ? { optional } : {}) } },
});

/** Go counts the node's memory and CPUs unless it is told of its share. */
function runtimeVariables(service: Service): [string, string][] {
  if (!isBuilt(service) || service.source.language !== 'go') return [];
  const { goMemoryLimit, goMaxProcs } = service.capacity;
  return [
    ['GOMEMLIMIT', `${goMemoryLimit}B`],
    ['GOMAXPROCS', String(goMaxProcs)],
  ];
}
