/** What the README shows is what the program says and does today. `UPDATE_GOLDEN=1` writes it, and the pictures. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { aideploy, projectFrom, ROOT } from '../cli/run.ts';
import { find } from '../judges/judges.ts';
import { readPage } from './markdown.ts';
import { wholePage, writtenIn } from './pages.ts';
import { chainPicture, type Way } from './pictures/chain.ts';
import { type Scene, terminalPicture } from './pictures/terminal.ts';
import { masked, type Performance, perform, SCENES, shows } from './session.ts';
import { shapeText } from './shape.ts';

const UPDATE = process.env['UPDATE_GOLDEN'] === '1';
const README = join(ROOT, 'README.md');
const SHAPES = join(ROOT, 'docs/concepts/json.md');
const picture = (name: string) => join(ROOT, 'docs/pictures', name);

interface Block {
  readonly command: string;
  readonly output: string;
  readonly text: string;
}

const blocks: Block[] = (await readPage('README.md')).fences
  .filter(({ language }) => language === 'console')
  .map(({ text }) => {
    const [first = '', ...rest] = text.split('\n');
    return { command: first.replace(/^\$ /, ''), output: rest.join('\n').trimEnd(), text };
  });

describe('the session of the README', () => {
  let played: Performance;
  const saidBy = (command: string) => played.said.get(command) ?? '';

  beforeAll(async () => {
    // On a machine at its limits a probe may run out of its time: then once more, from nothing.
    played = await perform().catch(perform);
    if (!UPDATE) return;
    let text = await readFile(README, 'utf8');
    for (const block of blocks)
      if (!shows(block.output, saidBy(block.command)))
        text = text.replace(block.text, () => `$ ${block.command}\n${saidBy(block.command)}\n`);
    await writeFile(README, text);
    await writeFile(picture('session.svg'), sessionPicture(played));
    await writeFile(SHAPES, wholePage(writtenIn(await readFile(SHAPES, 'utf8')), shapes(played)));
    await photograph(join(played.folder, 'report.html'));
  }, 240_000);

  it('has commands that were run here, in their order', () => {
    const run = SCENES.flatMap(scene => ('run' in scene ? [scene.run] : []));
    expect(blocks.length).toBeGreaterThan(5);
    expect(run.filter(command => blocks.some(block => block.command === command))).toEqual(
      blocks.map(({ command }) => command),
    );
  });

  it.each(blocks)('$command says so', ({ command, output }) => {
    if (!shows(output, saidBy(command))) expect(output).toBe(saidBy(command));
  });

  it('ends with documents of the shapes that are promised', async () => {
    const text = await readFile(SHAPES, 'utf8');
    expect(text).toBe(wholePage(writtenIn(text), shapes(played)));
  });

  it('is what its picture shows', async () => {
    expect(masked(await readFile(picture('session.svg'), 'utf8'))).toBe(masked(sessionPicture(played)));
  });
});

const shapes = ({ documents }: Performance): string =>
  [...documents]
    .map(([command, document]) => `## ${command}\n\n\`\`\`json\n${shapeText(document as object)}\n\`\`\`\n`)
    .join('\n');

const SHOWN: readonly (readonly [string, RegExp])[] = [
  ['aideploy init --yes', /^ *api: (?:port|live|ready|stream|drain) .*|^wrote.*/],
  ['aideploy render', /^\d.*/],
  [
    'aideploy check --rule cross/stream-outlives-proxy',
    /^.*(?:: error: |chat\.service:).*|^ {2}fix[^:]*: [^,]*/,
  ],
  ['aideploy deploy process --tag 1.0.0', /^ok (?:start|verify).*|^.*seen to work/],
  [
    'aideploy verify --quiet --report report.html',
    /^pass +(?:stream.*?first after \S+ ms|version\S+ .*?×)|^.*It works\./,
  ],
  ['aideploy deploy process --tag 2.0.0', /^no .*|^.* failed: .*|^.*back to .*|^ok verify.*|^.*taken back.*/],
];

function sessionPicture({ said }: Performance): string {
  const scenes = SHOWN.map(
    ([command, lines]): Scene => ({ command, lines, output: said.get(command) ?? '' }),
  );
  return terminalPicture(
    'A session: init, render, check, deploy, verify, and a bad release that is taken back',
    scenes,
  );
}

it('the picture of timeouts is what check --explain says', async () => {
  const project = await projectFrom('test/fixtures/full');
  await aideploy(['render', 'nginx', 'systemd'], { cwd: project });
  const wayIn = async (cwd: string, entrance: string): Promise<Way> => {
    const { stdout } = await aideploy(['check', '--explain', 'timeouts', '--format', 'json'], { cwd });
    const { paths } = JSON.parse(stdout) as { paths: (Way & { entrance: string })[] };
    const found = paths.find(path => path.entrance === entrance);
    if (!found) throw new Error(`no way from ${entrance} in ${stdout}`);
    return found;
  };
  const drawn = chainPicture([
    {
      title: 'Files that somebody copied: after a minute of silence the proxy cuts the answer',
      way: await wayIn(join(ROOT, 'test/check/cross/stream-outlives-proxy/bad'), 'nginx chat.example.org/'),
    },
    {
      title: 'Rendered from stream.maxDuration: 5m',
      way: await wayIn(project, 'nginx chat.example.com/api/chat/stream'),
    },
  ]);
  if (UPDATE) await writeFile(picture('timeouts.svg'), drawn);
  expect(await readFile(picture('timeouts.svg'), 'utf8')).toBe(drawn);
});

/** The report of the session, as a browser shows it. */
async function photograph(report: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: find('chromium') ?? '', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 900, height: 1100 }, colorScheme: 'light' });
    await page.goto(`file://${report}`);
    await page.screenshot({ path: picture('report.png') });
  } finally {
    await browser.close();
  }
}

it('the picture of the report is a small PNG', async () => {
  const bytes = await readFile(picture('report.png'));
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBe(900);
  expect(bytes.length).toBeLessThan(300_000);
});
