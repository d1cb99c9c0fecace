import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { interpolated, interpolation } from '../../src/render/engine.ts';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { anyText } from './values.ts';

const SOURCE = `plain: {{text}}
mixed: {{mixed}}
flow: { key: {{text}}, list: [{{mixed}}] }
block:
  {{yaml block}}
`;
const TAG = '1.4.2';

/** As deploy.sh does it: every \`\${AIDEPLOY_TAG}\` in the text of the file. */
const filled = (text: string) => text.replaceAll('${AIDEPLOY_TAG}', TAG);

test('a deploy fills in its own values, and leaves every text of a user as it is', () => {
  const text = fc.oneof(
    anyText,
    fc
      .tuple(anyText, fc.constantFrom('${AIDEPLOY_TAG}', '$', '\\${AIDEPLOY_TAG}', '${'), anyText)
      .map(parts => parts.join('')),
  );
  const tag = interpolation('${AIDEPLOY_TAG}');
  fc.assert(
    fc.property(text, text, (before, after) => {
      const mixed = interpolated`${before}${tag}${after}`;
      const view = { text: before, mixed, block: { [`k${before.length}`]: [before, mixed] } };
      const read = parse(filled(renderOnce('t/cloudrun.file.yaml', SOURCE, view)));
      const said = `${before}${TAG}${after}`;
      expect(read).toEqual({
        plain: before,
        mixed: said,
        flow: { key: before, list: [said] },
        block: { [`k${before.length}`]: [before, said] },
      });
    }),
    runs(500),
  );
});
