import { execFileSync } from 'node:child_process';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import type { Artifact } from '../../../src/artifacts/artifact.ts';
import { alertAnchor, alertsOf } from '../../../src/model/alerts.ts';
import type { ProjectModel } from '../../../src/model/model.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { TARGETS } from '../../../src/targets/all.ts';
import { renderArtifacts } from '../../../src/targets/render.ts';
import { minimal } from '../../config/fixtures.ts';
import { modelOf } from '../../model/models.ts';
import { FIXTURE_CASES, ownCases } from '../cases.ts';

const engine = await createEngine();
const reader = new MarkdownIt({ html: true });
const cases = [...FIXTURE_CASES, ...ownCases('monitoring')].map(({ name, model }) => {
  const artifacts = rendered(model);
  const text = artifacts.find(({ path }) => path === 'deploy/RUNBOOK.md')?.content ?? '';
  return { name, model, artifacts, text, tokens: reader.parse(text, {}) };
});

function rendered(model: ProjectModel): Artifact[] {
  return renderArtifacts(
    model,
    TARGETS.filter(target => target.applies(model)),
    engine,
  );
}

type Tokens = ReturnType<MarkdownIt['parse']>;

/** As GitHub makes them of headings. */
const anchors = (tokens: Tokens): string[] =>
  tokens.flatMap((token, i) =>
    token.type === 'heading_open'
      ? [
          (tokens[i + 1]?.content ?? '')
            .toLowerCase()
            .replaceAll(/[^\w\- ]/g, '')
            .replaceAll(' ', '-'),
        ]
      : [],
  );

const links = (tokens: Tokens): string[] =>
  tokens
    .flatMap(token => token.children ?? [])
    .filter(token => token.type === 'link_open')
    .map(token => String(token.attrGet('href')));

const blocks = (tokens: Tokens, info: string): string[] =>
  tokens.filter(token => token.type === 'fence' && token.info === info).map(token => token.content);

/** Paths of the project, in commands and in the text. */
const NAMED =
  /(?<![\w/.-])(?:deploy[/\\][\w./\\-]+\w|scripts\/[\w.-]+\w|compose(?:\.prod)?\.yaml|\.env\.example)/g;

describe.each(cases)('the runbook of $name', ({ name, model, artifacts, text, tokens }) => {
  test('has a section for every alert, and none for another', () => {
    const sections = tokens.flatMap((token, i) =>
      token.type === 'heading_open' && token.tag === 'h3' ? [tokens[i + 1]?.content] : [],
    );
    expect(sections).toEqual(alertsOf(model));
    for (const alert of alertsOf(model)) expect(anchors(tokens)).toContain(alertAnchor(alert));
  });

  test('is what every alert leads to', () => {
    const rules = artifacts.find(({ path }) => path.endsWith('monitoring/alerts.yml'))?.content ?? '';
    const named = [...rules.matchAll(/runbook_url: "deploy\/RUNBOOK\.md#(\w+)"/g)].map(match => match[1]);
    expect(new Set(named)).toEqual(new Set(alertsOf(model).map(alertAnchor)));
  });

  test('leads nowhere that is not there', () => {
    expect(links(tokens).length).toBeGreaterThan(10);
    for (const link of links(tokens)) expect(anchors(tokens), link).toContain(link.slice(1));
  });

  test('names files that are rendered', () => {
    const paths = artifacts.map(artifact => artifact.path);
    for (const [found] of text.matchAll(NAMED)) {
      const path = found.replaceAll('\\', '/');
      expect(
        paths.some(each => each === path || each.startsWith(`${path}/`)),
        `${name}: ${found}`,
      ).toBe(true);
    }
  });

  test('has commands that a shell can read', () => {
    const commands = blocks(tokens, 'sh');
    expect(commands.length).toBeGreaterThan(1);
    for (const block of commands) {
      execFileSync('bash', ['-n'], { input: block });
      expect(block).not.toMatch(/\{\{|\}\}/);
    }
    // Within quotation marks nothing but % means anything to cmd.
    for (const block of blocks(tokens, 'bat'))
      expect(block.replaceAll(/"[^"\n]*"/g, '')).toMatch(/^(?:[\w.\\/%=:| -]+\n)+$/);
  });

  test('asks its log nothing that it does not define', () => {
    // A pipe in a table's cell stands as HTML.
    const read = text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    const used = [...read.matchAll(/lines \| (\w+)/g)].map(match => match[1]);
    for (const query of used) expect(text).toMatch(new RegExp(`^${query}\\(\\) `, 'm'));
    expect(used.includes('crashes')).toBe(/^lines\(\) /m.test(text));
  });

  test('has tables whose rows are whole', () => {
    const cells = (line: string) => line.replaceAll(/\\\\|\\\|/g, '').split('|').length;
    for (const table of text.match(/(?:^\|.*\n)+/gm) ?? [])
      expect(new Set(table.trim().split('\n').map(cells)).size, table).toBe(1);
  });
});

test('paths with blanks and quotes are one word each', () => {
  const text = cases.find(({ name }) => name === 'names-and-paths')?.text ?? '';
  expect(text).toContain(`sudoedit '/etc/with space/`);
});

describe('processes in a copy', () => {
  const RUNS = {
    hosts: 'targets: {systemd: {}}\n',
    containers: 'targets: {compose: {}, kubernetes: {}}\n',
    both: 'targets: {systemd: {}, kubernetes: {}}\n',
  };
  const python = (runs: keyof typeof RUNS, more = '') =>
    minimal(RUNS[runs], `build: {main: "main:app"${more}}\n    workers: {count: 5}`).replace('go', 'python');
  test.each<[string, string, string]>([
    ['gunicorn on a host', python('hosts'), '5'],
    ['uvicorn in containers', python('containers'), '1'],
    ['both', python('both'), '1 in a container, 5 on a host'],
    ['gunicorn everywhere', python('containers', ', interface: wsgi'), '5'],
    ['Go', minimal(RUNS.hosts), '1'],
  ])('%s', (_, text, expected) => {
    const runbook = rendered(modelOf(text)).find(({ path }) => path === 'deploy/RUNBOOK.md')?.content;
    const row = /Processes in a copy.*\n.*\n(.*)/.exec(runbook ?? '')?.[1];
    expect(row?.split('|').at(-3)?.trim()).toBe(expected);
  });
});
