import { describe, expect, test } from 'vitest';
import { judged } from '../../../src/check/check.ts';
import { unreadable } from '../../../src/check/rules/file/unreadable.ts';
import { runRules } from '../../../src/check/run.ts';
import { BROKEN_COMPOSE, BROKEN_WORKFLOW, SOUND_COMPOSE, SOUND_WORKFLOW } from './files.ts';

async function messagesOf(path: string, text: string): Promise<readonly string[]> {
  const files = [{ path, content: text, lossy: false, mode: 0o644 }];
  const { context } = await judged({ files, unread: [], closed: true }, new Set(), {});
  return runRules([unreadable], context).map(each => each.message);
}

describe.each([
  ['compose.yaml', BROKEN_COMPOSE, SOUND_COMPOSE],
  ['.github/workflows/ci.yml', BROKEN_WORKFLOW, SOUND_WORKFLOW],
] as const)('%s', (path, broken, sound) => {
  test.each(broken)('$name', async ({ text, says = '' }) => {
    const messages = await messagesOf(path, text);
    expect(messages.join('\n')).toContain(says);
    expect(messages, 'one mistake is told once').toHaveLength(1);
  });

  test.each(sound)('sound: $name', async ({ text }) => {
    expect(await messagesOf(path, text)).toEqual([]);
  });
});
