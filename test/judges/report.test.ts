/** The HTML report in a real browser, and the metrics before Prometheus' own judge. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { block } from '../../src/report/plain.ts';
import { htmlReport } from '../../src/report/verification/html.ts';
import { prometheusReport } from '../../src/report/verification/prometheus.ts';
import type { Verification } from '../../src/verify/verification.ts';
import { HOSTILE, NOTHING, PASSED, SAMPLE, saying } from '../report/verification/sample.ts';
import { find, need } from './judges.ts';

const TEXTS = [
  HOSTILE,
  ...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 100, seed: 7 }),
];

/** Asked of the page: the contrast of each text with its ground, by https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
const CONTRASTS = `(() => {
  const channels = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = share => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  const luminance = colour => {
    const [r, g, b] = channels(colour).map(each => linear(each / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? ground(element.parentElement) : backgroundColor;
  };
  const hasText = element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  return [...document.querySelectorAll('body *')].filter(hasText).map(element => {
    const [bright, dim] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => b - a);
    return { text: element.textContent, ratio: (bright + 0.05) / (dim + 0.05) };
  });
})()`;

/** Every rule of axe, WCAG's and those of good practice: https://github.com/dequelabs/axe-core/blob/develop/doc/API.md */
const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const AXE_FAULTS = `axe.run().then(({ violations }) =>
  violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => id + ' ' + target + ': ' + help)))`;
/** Where the focus is, by the way to it, since two may look alike. */
const FOCUSED = `(function path(element) {
  return element.parentElement ? path(element.parentElement) + ' ' + [...element.parentElement.children].indexOf(element) : '';
})(document.activeElement)`;

describe.runIf(need('chromium'))('the HTML report in Chromium', () => {
  let browser: Browser;
  let server: Server;
  let report: Verification;
  let asked: string[];

  beforeAll(async () => {
    // Served, so that the browser would also ask for an icon; the server notes what it is asked for.
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('content-type', 'text/html').end(htmlReport(report));
    }).listen(0, '127.0.0.1');
    browser = await chromium.launch({
      executablePath: find('chromium') ?? '',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  interface Opened {
    readonly page: Page;
    readonly requests: readonly string[];
    readonly complaints: readonly string[];
  }

  async function open(
    verification: Verification,
    width = 1_200,
    theme: 'light' | 'dark' = 'light',
  ): Promise<Opened> {
    report = verification;
    asked = [];
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: theme });
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', request => requests.push(request.url()));
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      waitUntil: 'networkidle',
    });
    return { page, requests, complaints };
  }

  const REPORTS: readonly [string, Verification][] = [
    ['everything at once', SAMPLE],
    ['nothing but passes', PASSED],
    ['no probe', NOTHING],
    ['hostile texts', saying(TEXTS)],
  ];
  it.each(REPORTS.flatMap(([name, each]) => [320, 1_200].map(width => [name, width, each] as const)))(
    '%s at %d pixels: no request, no complaint, no sideways scroll',
    async (_, width, verification) => {
      const { page, requests, complaints } = await open(verification, width);
      for (const details of await page.locator('details').all())
        await details.evaluate(each => each.setAttribute('open', ''));
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(requests).toHaveLength(1);
      expect(asked).toEqual(['/']);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it.each(
    REPORTS.flatMap(([name, each]) => [
      [name, 'light', 1_200, each] as const,
      [name, 'dark', 320, each] as const,
    ]),
  )(
    '%s, %s, at %d pixels: axe finds nothing, and everything is reached by keyboard',
    async (_, theme, width, verification) => {
      const { page } = await open(verification, width, theme);
      await page.evaluate(AXE);
      expect(await page.evaluate(AXE_FAULTS)).toEqual([]);
      const wanted = await page.locator('summary, a[href], [tabindex="0"]').count();
      const reached = new Set<string>();
      for (let step = 0; step < wanted; step++) {
        await page.keyboard.press('Tab');
        reached.add(await page.evaluate(FOCUSED));
      }
      expect(reached.size).toBe(wanted);
      await page.close();
    },
  );

  it('axe sees planted faults', async () => {
    const { page } = await open(SAMPLE);
    await page.evaluate(
      `document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang');
       document.body.append(Object.assign(document.createElement('img'), { src: 'data:,' }));`,
    );
    await page.evaluate(AXE);
    const found = (await page.evaluate(AXE_FAULTS)) as string[];
    for (const rule of ['html-has-lang', 'image-alt', 'page-has-heading-one'])
      expect(found).toContainEqual(expect.stringMatching(`^${rule} `));
    await page.close();
  });

  it('says what happened, in an order that a screen reader follows', async () => {
    const { page } = await open(SAMPLE);
    expect(await page.title()).toBe('fail: chatbot at https://chat.example.com');
    expect(await page.locator('h1').allTextContents()).toEqual(['chatbot at https://chat.example.com']);
    expect(await page.locator('h2').allTextContents()).toEqual([
      'What is not well',
      'Probes over time',
      'Latency',
      'Streams',
      'TLS',
      'Rollout',
      'Versions that answered',
    ]);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('header').innerText()).toContain('2 failed, 1 could not be run');
    expect(await page.locator('article.fail').first().innerText()).toContain('look at /health/deep');
    expect(await page.locator('.timeline details').count()).toBe(SAMPLE.probes.length);
    expect(await page.locator('svg:not([role=img]), svg[role=img]:not([aria-label])').count()).toBe(0);
    expect(await page.locator('svg').first().getAttribute('aria-label')).toContain('half took up to 20 ms');
    expect(await page.locator('svg').last().getAttribute('aria-label')).toContain(
      'the longest silence 1.5 s',
    );
    const summary = page.locator('summary').nth(1);
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open]').innerText()).toContain('5 attempts');
    await page.close();
  });

  it('shows hostile texts as text', async () => {
    const { page } = await open(saying(TEXTS));
    expect(await page.locator('script, img, iframe, object, base, form').count()).toBe(0);
    const shown = await page.locator('dd').evaluateAll(all => all.map(each => each.textContent));
    // A parser of HTML has no halves of a pair.
    const whole = (text: string) => block(text).replaceAll(/\p{Surrogate}/gu, '\ufffd');
    expect(shown).toEqual(TEXTS.flatMap(text => [whole(text), whole(text), whole(text)]));
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    '%s: every text stands out from its ground by 4.5 to 1',
    async theme => {
      const { page } = await open(SAMPLE, 1_200, theme);
      for (const details of await page.locator('details').all())
        await details.evaluate(each => each.setAttribute('open', ''));
      const contrasts = await page.evaluate<{ text: string; ratio: number }[]>(CONTRASTS);
      expect(contrasts.length).toBeGreaterThan(60);
      expect(contrasts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        theme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(15, 20, 25)',
      );
      await page.close();
    },
  );
});

describe.runIf(need('promtool'))('the metrics before promtool', () => {
  it.each([
    ['everything', SAMPLE],
    ['passes', PASSED],
    ['no probe', NOTHING],
    ['hostile texts', saying(TEXTS)],
  ])('%s', (_, verification) => {
    const input = prometheusReport(verification);
    expect(() =>
      execFileSync(find('promtool') ?? '', ['check', 'metrics'], { input, stdio: 'pipe' }),
    ).not.toThrow();
  });
});
