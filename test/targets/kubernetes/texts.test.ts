/** Values as the kubelet and the operator read them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objects } from '../../../src/targets/kubernetes/objects.ts';
import { expandable } from '../../../src/targets/kubernetes/place.ts';
import { secretsNamedBy } from '../../../src/targets/kubernetes/secret-names.ts';
import { minimal } from '../../config/fixtures.ts';
import { modelOf } from '../../model/models.ts';
import { runs } from '../../render/runs.ts';
import { anyText } from '../../render/values.ts';

/** https://github.com/kubernetes/kubernetes/blob/master/third_party/forked/golang/expansion/expand.go */
const expand = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (whole, name?: string) =>
    name === undefined ? '$' : (variables[name] ?? whole),
  );

test('the kubelet makes of any text that text, and fills in what is a variable', () => {
  fc.assert(
    fc.property(anyText, anyText, (before, after) => {
      const pieces = [{ literal: before }, { variable: 'TAG' }, { literal: after }];
      expect(expand(expandable(pieces), { TAG: '1.4.2', HOME: '/root' })).toBe(`${before}1.4.2${after}`);
    }),
    runs(500),
  );
});

test.each([
  ['$(HOME)', '$$(HOME)'],
  ['$$(HOME)', '$$$$(HOME)'],
  ['a$b$', 'a$$b$$'],
])('%s is written %s', (text, written) => expect(expandable([{ literal: text }])).toBe(written));

test.each([
  ['an argument', 'args: ["a\\x7f"]'],
  ['a variable', 'env: {A: "\\x85"}'],
])('%s that kustomize cannot read is refused', (_, lines) => {
  const model = modelOf(minimal('targets: {kubernetes: {}}', lines));
  expect(() => objects(model)).toThrow(
    /^kustomize cannot say a text of \d characters? at spec\.template.*: its YAML reader/,
  );
});

describe('the Secrets that objects name', () => {
  const reads = (name: string, key: string, optional?: boolean) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod' },
    spec: {
      containers: [
        {
          env: [{ name: key, valueFrom: { secretKeyRef: { name, key, ...(optional ? { optional } : {}) } } }],
        },
      ],
    },
  });

  test('are each there once, with all their keys; what one needs is needed', () => {
    expect(
      secretsNamedBy([
        reads('a', 'ONE', true),
        reads('b', 'ONE'),
        reads('a', 'TWO', true),
        reads('a', 'ONE'),
      ]),
    ).toEqual([
      {
        name: 'a',
        type: 'Opaque',
        keys: [
          { key: 'ONE', note: undefined },
          { key: 'TWO', note: 'optional: leave it out where there is none' },
        ],
      },
      { name: 'b', type: 'Opaque', keys: [{ key: 'ONE', note: undefined }] },
    ]);
  });

  test.each([
    [
      'Ingress',
      { metadata: { name: 'a', annotations: { 'nginx.ingress.kubernetes.io/auth-secret': 'door' } } },
      'auth',
    ],
    ['Middleware', { metadata: { name: 'a' }, spec: { basicAuth: { secret: 'door' } } }, 'users'],
  ])('hold the passwords that an %s asks for', (kind, object, key) => {
    expect(secretsNamedBy([{ apiVersion: 'v1', kind, ...object }])).toEqual([
      { name: 'door', type: 'Opaque', keys: [{ key, note: 'a line of htpasswd -nB <user>' }] },
    ]);
  });
});
