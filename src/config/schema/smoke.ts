import * as z from 'zod';
import { dnsLabel, duration, line } from './scalars.ts';
import { oneOf, section } from './section.ts';
import { text } from './text.ts';

const status = () => z.int({ error: 'an HTTP status such as 200' }).min(100).max(599);

const smokeExpectation = section({
  status: z
    .union([status(), z.array(status()).min(1)], { error: 'an HTTP status such as 200, or a list of them' })
    .default(200),
  json: z
    .record(z.string(), z.json())
    .optional()
    .describe('JSON paths and what they hold; "exists" asks only that they are there.'),
  text: line().optional(),
  sse: section({ minEvents: z.int().min(1).default(1), end: line().optional() }).optional(),
});

/** One request that shows the service working, and what it must be answered. */
export const smoke = section({
  name: dnsLabel(40),
  method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS').default('GET'),
  path: z.string().regex(/^\/[^\s#]*$/, { error: 'a path that starts with /' }),
  json: z.json().optional(),
  body: text().optional(),
  headers: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), text()).default({}),
  expect: smokeExpectation.prefault({}),
  within: duration().default(30_000),
  paid: z.boolean().default(false).describe('Costs money: runs once a run, never on --watch.'),
});
