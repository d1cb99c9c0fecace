/** What pages tell people to type to aideploy, and what of it the program does not know. */
import { RULES } from '../../src/check/rules/all.ts';
import { COMMANDS } from '../../src/cli/commands/all.ts';
import { vocabularyOf } from '../../src/cli/completion/vocabulary.ts';
import { createProgram } from '../../src/cli/program.ts';
import { PRESET_NAMES } from '../../src/init/presets.ts';
import { STRATEGIES } from '../../src/release/strategies/all.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { PROBES } from '../../src/verify/probes/all.ts';
import type { Page } from './markdown.ts';

export interface Spoken {
  readonly where: string;
  readonly words: readonly string[];
}

/** At the start of a line, behind a prompt, a variable, `npx`, or another command. */
const TYPED =
  /(?:^|[|&;(] ?|run: |npx (?:--no |--yes )?|[A-Z_]+=\S+ )aideploy(?:@\S+)? (?<said>(?:(?! \d>)[^|&;#>)\n])*)/gm;
const isPlaceholder = (word: string) => /^[<[(]|^[A-Z][A-Z_/]*$|…|\.\.\./.test(word);

export function spokenIn({ path, fences, code }: Page): Spoken[] {
  const typed = fences.flatMap(({ text, line }) => {
    const joined = text.replaceAll(/\\\n\s*/g, ' ');
    return [...joined.replaceAll(/^( *)\$ /gm, '').matchAll(TYPED)].map(match => ({
      said: match.groups?.['said'] ?? '',
      where: `${path}:${line}`,
    }));
  });
  const named = code
    .filter(({ text }) => text.startsWith('aideploy '))
    .map(({ text, line }) => ({ said: text.slice('aideploy '.length), where: `${path}:${line}` }));
  return [...typed, ...named].map(({ said, where }) => ({
    where,
    words: said.match(/"[^"]*"|'[^']*'|\S+/g) ?? [],
  }));
}

const FORMATS = new Map(COMMANDS.map(({ name, formats }) => [name, formats ?? ['text', 'json']]));
const targets = [...TARGETS.map(({ id }) => id), 'k8s'];
const platforms = [...Object.keys(STRATEGIES), 'k8s'];
const rules = RULES.flatMap(({ id }) => [id, id.split('/')[0] ?? '']);
const probes = PROBES.map(({ id }) => id);

/** What the declarations of these commands leave open. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  render: targets,
  deploy: platforms,
  rollback: platforms,
  releases: ['unlock'],
  explain: rules,
};
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'render --stdout': targets,
  'render --eject': targets,
  'check --rule': rules,
  'check --ignore': rules,
  'verify --platform': platforms,
  'verify --only': probes,
  'verify --skip': probes,
  'releases --platform': platforms,
};

const VOCABULARY = vocabularyOf(createProgram('0.0.0', { code: 0 }), {
  targets,
  presets: PRESET_NAMES,
  formats: FORMATS,
});

/** The words that the program would refuse. */
export function unknownIn({ words: [name = '', ...rest] }: Spoken): string[] {
  if (isPlaceholder(name) || ['--help', '--version', '-V', 'help'].includes(name)) return [];
  const command = VOCABULARY.commands.find(each => each.name === name);
  if (!command) return [name];
  const known = [...VOCABULARY.options, ...command.options].toReversed();
  const unknown: string[] = [];
  const words = [...rest];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith('-')) {
      if (!allowed(ARGUMENTS[name], word)) unknown.push(word);
      continue;
    }
    const [flag = '', attached] = word.split('=', 2);
    const option = known.find(({ flags }) => flags.includes(flag));
    if (!option) unknown.push(flag);
    if (!option?.values || words[0]?.startsWith('-')) continue;
    const value = attached ?? words.shift() ?? '';
    const choices = option.values.kind === 'words' ? option.values.words : VALUES[`${name} ${flag}`];
    if (!allowed(choices, value)) unknown.push(`${flag} ${value}`);
  }
  return unknown;
}

/** Lists such as `json|junit` name several, and a probe may be that of one service: `ready/api`. */
const allowed = (choices: readonly string[] | undefined, said: string): boolean =>
  choices === undefined ||
  isPlaceholder(said) ||
  said
    .split(/[|,]/)
    .map(each => (choices === probes ? each.split('/', 1)[0] : each))
    .every(each => choices.includes(each ?? ''));
