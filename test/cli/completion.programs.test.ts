import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { Language, Parser } from '@vscode/tree-sitter-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { need as needJudge, shellcheck } from '../judges/judges.ts';
import { aideploy, project, ROOT } from './run.ts';

const CONFIG = `version: 1
name: chatbot
services: {api: {}, worker: {}}
environments: {staging: {}, production: {}, "$(touch pwned)": {}}
`;

/** A line as it is typed, and some of what a TAB offers there, or exactly that. */
interface Case {
  readonly line: string;
  readonly offers?: readonly string[];
  readonly exactly?: readonly string[];
}

const CASES: readonly Case[] = [
  { line: 'aideploy ren', exactly: ['render'] },
  { line: 'aideploy ', offers: ['render', 'doctor', 'completion', 'help'] },
  { line: 'aideploy render ', offers: ['compose', 'docker'] },
  { line: 'aideploy render compose do', exactly: ['docker'] },
  { line: 'aideploy render --stdo', exactly: ['--stdout'] },
  { line: 'aideploy render --stdout com', exactly: ['compose'] },
  { line: 'aideploy --format ', exactly: ['json', 'text'] },
  { line: 'aideploy -e ', exactly: ['production', 'staging'] },
  { line: 'aideploy render --env st', exactly: ['staging'] },
  { line: 'aideploy -e staging ren', exactly: ['render'] },
  { line: 'aideploy -C elsewhere -e ', exactly: ['other'] },
  { line: 'aideploy -f else', offers: ['elsewhere'] },
  { line: 'aideploy completion ', exactly: ['bash', 'fish', 'powershell', 'zsh'] },
  { line: 'aideploy help do', exactly: ['doctor'] },
];

let folder: string;
let bin: string;
/** Written once, since to have it said takes longer than what it does. */
const scriptOf = (shell: string): string => join(bin, `script.${shell}`);

beforeAll(async () => {
  folder = await project({
    'aideploy.yaml': CONFIG,
    'elsewhere/aideploy.yaml': 'environments: {other: {}}\n',
  });
  bin = await project({ aideploy: `#!/bin/sh\nexec '${process.execPath}' '${ROOT}/bin/aideploy.js' "$@"\n` });
  execFileSync('chmod', ['755', join(bin, 'aideploy')]);
  for (const name of ['bash', 'fish']) writeFileSync(scriptOf(name), shell('aideploy', 'completion', name));
});

/** A missing shell is an error, since a test that nobody ran proves nothing. */
function need(shell: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  if (folders.some(path => existsSync(join(path, shell)))) return true;
  const message = `${shell} is missing: Debian's package ${shell}`;
  if (process.env['AIDEPLOY_ALLOW_MISSING_JUDGES'] !== '1') throw new Error(message);
  console.warn(`skipped: ${message}`);
  return false;
}

function shell(program: string, ...args: string[]): string {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}`, HOME: folder };
  return execFileSync(program, args, { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
}

function expectOffers(found: readonly string[], { offers, exactly }: Case): void {
  const words = [...new Set(found.map(word => word.trim().replace(/\/$/, '')).filter(word => word !== ''))];
  if (exactly) expect(words.sort()).toEqual([...exactly]);
  if (offers) expect(words).toEqual(expect.arrayContaining([...offers]));
  expect(existsSync(join(folder, 'pwned'))).toBe(false);
}

describe('bash', () => {
  /** As readline asks: the words so far, in which `=` stands alone. */
  const complete = (words: readonly string[]) =>
    shell(
      'bash',
      '--norc',
      '-uc',
      'source "$0" && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1)) && { _aideploy; printf "%s\\n" "${COMPREPLY[@]-}"; }',
      scriptOf('bash'),
      ...words,
    ).split('\n');

  test.each(CASES)('$line', given => {
    expectOffers(complete(given.line.split(' ')), given);
  });

  test.each<[string[], string[]]>([
    [
      ['aideploy', '--format', '='],
      ['json', 'text'],
    ],
    [['aideploy', '--format', '=', 'j'], ['json']],
    [['aideploy', 'render', '--env', '=', 'prod'], ['production']],
    [['aideploy', 'render', '--', '--'], []],
    [['aideploy', 'completion', 'bash', ''], []],
    [['aideploy', '-C', 'else'], ['elsewhere']],
  ])('%j', (words, exactly) => {
    expectOffers(complete(words), { line: '', exactly });
  });

  test.runIf(needJudge('shellcheck'))('shellcheck has nothing to say', async () => {
    const script = join(folder, 'completion.bash');
    writeFileSync(script, `#!/bin/bash\n${shell('aideploy', 'completion', 'bash')}`);
    expect(await shellcheck(script)).toEqual([]);
  });

  test('a line that is typed at a terminal', async () => {
    const said = await typed([
      'source <(aideploy completion bash)',
      'aideploy completion --names environments -C els\t',
      'exit',
    ]);
    expect(said).toContain('-C elsewhere/');
    expect(said).toMatch(/^other\r?$/m);
  });
});

/** A bash at a terminal of its own, in which each line is typed when the one before is done. */
function typed(lines: readonly string[]): Promise<string> {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}`, TERM: 'dumb' };
  const rc = join(folder, 'rc');
  writeFileSync(rc, 'PS1=READY:\n');
  const child = spawn('script', ['-qec', `bash --noprofile --rcfile '${rc}' -i`, '/dev/null'], {
    cwd: folder,
    env,
  });
  const left = [...lines];
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    const done = lines.length - left.length;
    if (said.split('READY:').length - 1 > done) child.stdin.write(`${left.shift() ?? 'exit'}\n`);
  });
  return new Promise(resolve => child.on('close', () => resolve(said)));
}

describe.runIf(need('zsh'))('zsh', () => {
  const answers = new Map<string, string[]>();

  beforeAll(() => {
    const [harness, out] = [join(folder, 'harness'), join(folder, 'answers')];
    writeFileSync(harness, ZSH_HARNESS);
    shell('zsh', '-f', harness, out, ...CASES.map(({ line }) => line));
    const [, ...blocks] = readFileSync(out, 'utf8').split('--end--\n');
    for (const [i, { line }] of CASES.entries()) answers.set(line, blocks[i]?.split('\n') ?? ['no answer']);
  });

  test.each(CASES)('$line', given => {
    expectOffers(answers.get(given.line) ?? ['not asked'], given);
  });

  test('it can be put into a folder of $fpath', () => {
    writeFileSync(join(folder, '_aideploy'), shell('aideploy', 'completion', 'zsh'));
    const registered =
      'fpath=("$PWD" $fpath); autoload -Uz compinit && compinit -u -D && print $_comps[aideploy]';
    expect(shell('zsh', '-fc', registered)).toBe('_aideploy\n');
  });
});

/** A zsh at a terminal of its own, in which TAB is pressed and every match that is added is written down. */
const ZSH_HARNESS = String.raw`
zmodload zsh/zpty
out=$1; shift
: > $out
zpty inner zsh -f -i
zpty -w inner 'PS1=; autoload -Uz compinit && compinit -u -D; source <(aideploy completion zsh)'
zpty -w inner 'compadd() { local -a hits; builtin compadd -A hits "$@"; print -rl -- $hits >> '$out'; builtin compadd "$@" }'
zpty -w inner 'finish() { print -- --end-- >> '$out'; zle send-break }; zle -N finish; bindkey "^X" finish; bindkey "^I" complete-word'
zpty -w inner 'print -- --end-- >> '$out
wait_for() {
  local i
  for ((i = 0; i < 3000; i++)); do
    (( $(grep -c -e --end-- $out) >= $1 )) && return
    sleep 0.02
  done
  zpty -r inner text; print -u2 -r -- "no answer: $text"; exit 1
}
wait_for 1
n=1
for line in "$@"; do
  zpty -w -n inner "$line"$'\t\x18'
  wait_for $((++n))
done
zpty -d inner
`;

describe.runIf(need('fish'))('fish', () => {
  const complete = (line: string, script = `cat '${scriptOf('fish')}'`) =>
    shell('fish', '--no-config', '-c', `${script} | source; complete -C $argv[1]`, line)
      .split('\n')
      .map(offer => offer.split('\t')[0] ?? '');

  test.each(CASES)('$line', given => {
    expectOffers(complete(given.line), given);
  });

  test('a second argument where one is all', () => {
    expectOffers(complete('aideploy completion bash '), { line: '', exactly: [] });
  });

  test('--env=', () => {
    expectOffers(complete('aideploy --env=st', 'aideploy completion fish'), {
      line: '',
      exactly: ['--env=staging'],
    });
  });
});

describe('PowerShell', () => {
  test('its script parses, and says what the others say', async () => {
    const script = shell('aideploy', 'completion', 'powershell');
    const tree = (await powershell()).parse(script);
    expect(tree?.rootNode.hasError).toBe(false);
    expect(tree?.rootNode.descendantsOfType('command_name').map(node => node?.text)).toContain(
      'Register-ArgumentCompleter',
    );
    for (const word of ['render', '--stdout', 'compose', 'environments'])
      expect(script).toContain(`'${word}'`);
  });

  test('the parser would notice', async () => {
    expect((await powershell()).parse('if ($x { 1 }')?.rootNode.hasError).toBe(true);
  });
});

async function powershell(): Promise<Parser> {
  const require = createRequire(import.meta.url);
  const module = require('@vscode/tree-sitter-wasm') as {
    Parser: typeof Parser & { init(): Promise<void> };
    Language: typeof Language;
  };
  await module.Parser.init();
  const grammar = require
    .resolve('@vscode/tree-sitter-wasm')
    .replace(/tree-sitter\.js$/, 'tree-sitter-powershell.wasm');
  const parser = new module.Parser();
  parser.setLanguage(await module.Language.load(readFileSync(grammar)));
  return parser;
}

describe('the command', () => {
  test.each([
    [['completion'], 2, /which shell\? One of bash, zsh, fish, powershell/],
    [['completion', 'tcsh'], 2, /tcsh/],
  ])('%j: exit code %i', async (args, code, message) => {
    const answer = await aideploy(args, { cwd: folder });
    expect(answer.code).toBe(code);
    expect(answer.stderr).toMatch(message);
  });

  test('JSON holds the script', async () => {
    const { stdout } = await aideploy(['completion', 'bash', '--format', 'json'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      shell: 'bash',
      script: expect.stringContaining('_aideploy'),
    });
  });

  test('names: only harmless ones, and silence where there is no file or a broken one', async () => {
    const ask = (...more: string[]) => aideploy(['completion', '--names', ...more], { cwd: folder });
    expect(await ask('environments')).toMatchObject({ code: 0, stdout: 'staging\nproduction\n', stderr: '' });
    expect(await ask('services')).toMatchObject({ code: 0, stdout: 'api\nworker\n' });
    expect(await ask('services', '-f', 'none.yaml')).toEqual({ code: 0, stdout: '', stderr: '' });
    writeFileSync(join(folder, 'broken.yaml'), 'services: [}\n\t- \u0000');
    expect(await ask('services', '-f', 'broken.yaml')).toMatchObject({ code: 0, stderr: '' });
  });

  test('--help does not show what only the scripts ask', async () => {
    expect((await aideploy(['completion', '--help'])).stdout).not.toContain('--names');
  });
});
