/** The examples as a visitor of the repository finds them: valid, complete and without a finding. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { examine } from '../../src/check/check.ts';
import { RULES } from '../../src/check/rules/all.ts';
import { runRules } from '../../src/check/run.ts';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { written } from '../check/cases.ts';
import { FIXTURE_CASES } from './cases.ts';
import { EXAMPLE_NAMES, EXAMPLES } from './examples.ts';

const valid = new Ajv({ strict: false, formats: { cidrv4: true, cidrv6: true, date: true } }).compile(
  jsonSchema(),
);
/** The day when their versions and models were last looked at: what ends later is no fault of a change made today. */
const TODAY = '2026-11-21';

describe.each(FIXTURE_CASES.filter(({ name }) => EXAMPLE_NAMES.includes(name)))(
  '$name',
  ({ name, model }) => {
    const read = (path: string) => readFileSync(join(EXAMPLES, name, path), 'utf8');

    it('is valid by the JSON Schema that editors use', () => {
      valid(parse(read('aideploy.yaml')));
      expect(valid.errors).toBeNull();
    });

    it('is checked without a finding', async () => {
      const options = { model, ruleIds: RULES.map(rule => rule.id), today: TODAY };
      const { context, judged } = await examine(join(EXAMPLES, name), ['.'], options);
      expect(judged).toBeGreaterThan(20);
      expect(written(runRules(RULES, context).filter(({ severity }) => severity !== 'info'))).toBe('');
    });

    it('has files that are the same everywhere name no host of one place', () => {
      const { otel } = model.observability;
      const names = [
        ...model.services.map(({ key }) => key),
        ...(otel ? [new URL(otel.endpoint).hostname] : []),
      ];
      for (const { source } of model.services.flatMap(({ files }) => files))
        for (const host of names) expect(read(source)).not.toMatch(new RegExp(`\\b${host}:\\d`));
    });

    it('is described in the README of the examples', () => {
      expect(readFileSync(join(EXAMPLES, 'README.md'), 'utf8')).toContain(`(${name}/aideploy.yaml)`);
    });
  },
);
