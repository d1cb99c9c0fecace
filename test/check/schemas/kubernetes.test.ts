import { describe, expect, test } from 'vitest';
import { judged } from '../../../src/check/check.ts';
import { invalidObject } from '../../../src/check/rules/k8s/invalid.ts';
import { runRules } from '../../../src/check/run.ts';
import { BROKEN, SOUND } from './manifests.ts';

async function messagesOf(text: string): Promise<readonly string[]> {
  const files = [{ path: 'object.yaml', content: text, lossy: false, mode: 0o644 }];
  const { context } = await judged({ files, unread: [], closed: true }, new Set(), {});
  return runRules([invalidObject], context).map(each => each.message);
}

describe('manifests', () => {
  test.each(BROKEN)('$name', async ({ text, says = '' }) => {
    const messages = await messagesOf(text);
    expect(messages.join('\n')).toContain(says);
    expect(messages, 'one mistake is told once').toHaveLength(1);
  });

  test.each(SOUND)('sound, $name', async ({ text }) => {
    expect(await messagesOf(text)).toEqual([]);
  });
});
