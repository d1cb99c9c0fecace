import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, type Operation } from '../../../src/targets/kubernetes/difference.ts';
import { runs } from '../../render/runs.ts';

/** RFC 6902 for those steps that there are. */
function apply(value: unknown, steps: readonly Operation[]): unknown {
  return steps.reduce<unknown>((whole, { op, path, value: item }) => {
    const names = path
      .split('/')
      .slice(1)
      .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = names.pop();
    if (last === undefined) return item;
    const parent = names.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], whole);
    expect(Object.hasOwn(parent as object, last)).toBe(op !== 'add');
    if (op === 'remove') delete (parent as Record<string, unknown>)[last];
    else (parent as Record<string, unknown>)[last] = item;
    return whole;
  }, structuredClone(value));
}

const key = fc.oneof(fc.constantFrom('a', 'b', 'a/b', '~', '~1', 'app.kubernetes.io/name', ''), fc.string());
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>('x', 'y', 1, true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      key.filter(name => name !== '__proto__'),
      tie('value'),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
}));

test('its steps lead from any value to any other', () => {
  fc.assert(
    fc.property(value, value, (from, to) => {
      expect(apply(from, difference(from, to))).toEqual(to);
      expect(difference(from, structuredClone(from))).toEqual([]);
    }),
    runs(1000),
  );
});

test.each<[from: unknown, to: unknown, steps: Operation[]]>([
  [{ a: 1 }, { a: 2 }, [{ op: 'replace', path: '/a', value: 2 }]],
  [{ a: 1, b: 2 }, { b: 2 }, [{ op: 'remove', path: '/a' }]],
  [{}, { 'a/b~c': 1 }, [{ op: 'add', path: '/a~1b~0c', value: 1 }]],
  [{ a: [{ b: 1 }, 2] }, { a: [{ b: 3 }, 2] }, [{ op: 'replace', path: '/a/0/b', value: 3 }]],
  [{ a: [1, 2] }, { a: [1] }, [{ op: 'replace', path: '/a', value: [1] }]],
])('%j → %j', (from, to, steps) => expect(difference(from, to)).toEqual(steps));
