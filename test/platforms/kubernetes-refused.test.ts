/** What `check` refuses in manifests and what it lets pass, as a real API server has it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { BROKEN, SOUND } from '../check/schemas/manifests.ts';
import { cluster, tryKubectl } from './cluster.ts';

beforeAll(async () => {
  await cluster.up();
  await cluster.install('cert-manager', 'gateway-api', 'prometheus-operator');
});

const apply = (text: string) => tryKubectl(['apply', '--dry-run=server', '--filename', '-'], text);

describe('the API server refuses', () => {
  it.each(BROKEN)('$name', async ({ text }) => {
    const { code, stderr } = await apply(text);
    expect(stderr).not.toContain('connection refused');
    expect(code).not.toBe(0);
  });
});

describe('the API server takes', () => {
  it.each(SOUND)('$name', async ({ text }) => {
    const { code, stderr } = await apply(text);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
