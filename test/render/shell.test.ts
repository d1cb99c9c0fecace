import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { shellWord } from '../../src/render/escape/shell.ts';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

const texts = sampleTexts(runs(300));
/** A thousand at a time: a command line is limited. */
const batches = Array.from({ length: Math.ceil(texts.length / 1000) }, (_, index) =>
  texts.slice(index * 1000, index * 1000 + 1000),
);

describe.each(['bash', 'sh'])('%s', shell => {
  test('reads every text back, byte for byte', () => {
    for (const batch of batches) {
      const script = renderOnce(
        't/run.sh',
        "# {{comment}}\nprintf '%s\\0' {{words texts}}\n{{#each texts}}\nV={{this}}\nprintf '%s\\0' --v={{this}} \"$V\"\n{{/each}}\n",
        { comment: "it's $(a) comment \\", texts: batch },
      );
      const read = execFileSync(shell, { input: script, encoding: 'utf8' }).split('\0').slice(0, -1);
      expect(read).toEqual([...batch, ...batch.flatMap(text => [`--v=${text}`, text])]);
    }
  });
});

test('what a program can not be given is refused, without saying it', () => {
  expect(() => shellWord('a secret\0')).toThrow(
    'shell cannot say a text of 9 characters: it holds a NUL, where a program sees the end of the text',
  );
  expect(() => renderOnce('t/run.sh', 'echo {{a}}', { a: '\ud800' })).toThrow('not valid Unicode');
});
