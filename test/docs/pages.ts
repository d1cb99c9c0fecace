import { Command } from 'commander';
import type { Rule } from '../../src/check/rule.ts';
import { RULES } from '../../src/check/rules/all.ts';
import { addCommand, type Declaration } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands/all.ts';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { renderArtifacts } from '../../src/targets/render.ts';
import type { Target } from '../../src/targets/target.ts';
import { PROBES } from '../../src/verify/probes/all.ts';
import { modelOf } from '../model/models.ts';
import { settingsTable } from './reference.ts';

/** Pages that say what the program itself says, by their paths below docs/. */
export function pages(): ReadonlyMap<string, string> {
  return new Map([
    ['rules/README.md', rulesPage()],
    ...RULES.map(rule => [`rules/${rule.id}.md`, rulePage(rule)] as const),
    ['commands/README.md', commandsPage()],
    ['targets/README.md', targetsPage()],
    ['probes.md', probesPage()],
  ]);
}

/** Pages that people write the first part of, and the program the rest, by their paths below docs/. */
export async function halves(example: string): Promise<ReadonlyMap<string, string>> {
  const targets = await Promise.all(TARGETS.map(async target => targetHalf(target, example)));
  return new Map([
    ...COMMANDS.map(command => [`commands/${command.name}.md`, commandHalf(command)] as const),
    ...TARGETS.map(({ id }, index) => [`targets/${id}.md`, targets[index] ?? ''] as const),
  ]);
}

const MARK = '<!-- From here on it is generated; above, it is written by hand. -->';
export const writtenIn = (page: string): string => page.split(MARK)[0] ?? '';
export const wholePage = (written: string, half: string): string =>
  `${written.trimEnd()}\n\n${MARK}\n\n${half}`;

const severities = ({ severity }: Rule) => (typeof severity === 'string' ? severity : severity.join(' or '));
const FIXES = { safe: '`--fix`', unsafe: '`--fix=unsafe`', no: 'by hand' } as const;
/** A fence that no line of the text ends. */
const fenced = (text: string) => {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}\n${text.trimEnd()}\n${fence}`;
};
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const list = (rows: readonly (readonly string[])[]) => rows.map(row => `| ${row.join(' | ')} |`).join('\n');

function rulePage(rule: Rule): string {
  return `# ${rule.id}

${capital(cell(rule.title))}. Severity: ${severities(rule)}; mended ${FIXES[rule.fixable]}.

${rule.why}

${rule.fix}

Not so:

${fenced(rule.example.bad)}

But so:

${fenced(rule.example.good)}

To accept it in one place, put \`aideploy-ignore ${rule.id} <reason>\` into a comment on the line or above it, or name
it under \`check.ignore\` in aideploy.yaml with file and reason.
`;
}

function rulesPage(): string {
  const groups = [...new Set(RULES.map(({ id }) => id.split('/')[0] ?? ''))];
  const tables = groups.map(group => {
    const rows = RULES.filter(({ id }) => id.startsWith(`${group}/`)).map(rule => [
      `[${rule.id}](${rule.id}.md)`,
      severities(rule),
      cell(rule.title),
      FIXES[rule.fixable],
    ]);
    return `## ${group}\n\n| Rule | Severity | Finds | Mended |\n|---|---|---|---|\n${list(rows)}\n`;
  });
  return `# Rules of \`aideploy check\`

${RULES.length} rules. \`aideploy explain <rule>\` prints a page; \`aideploy check --list-rules\` lists them.

${tables.join('\n')}`;
}

function commandHalf(declaration: Declaration): string {
  const program = new Command('aideploy');
  addCommand(program, declaration, { code: 0 }, '0.0.0');
  const [command] = program.commands;
  command?.configureHelp({ helpWidth: 100 });
  return `## What \`--help\` says

${fenced(command?.helpInformation() ?? '')}
`;
}

function commandsPage(): string {
  const rows = COMMANDS.map(({ name, summary }) => [`[aideploy ${name}](${name}.md)`, cell(summary)]);
  return `# Commands

| Command | Does |
|---|---|
${list(rows)}

Results go to stdout, everything else to stderr. Exit codes: 0 yes; 1 the answer is no; 2 the question was wrong;
3 no answer could be had; 70 a bug of aideploy; 130 interrupted.
`;
}

async function targetHalf({ id, ...target }: Target, example: string): Promise<string> {
  const artifacts = renderArtifacts(modelOf(example), [{ id, ...target }], await createEngine());
  const files = artifacts.map(({ path, mode }) => `- \`${path}\`${mode === undefined ? '' : ', executable'}`);
  const settings = settingsTable(jsonSchema(), `targets.${id}`);
  return `## Settings

${settings ?? `None: \`render\` writes it wherever it has a meaning.`}

## Files

For a configuration that uses everything (\`test/fixtures/full\`), \`aideploy render ${id}\` writes:

${files.join('\n')}

\`aideploy render --eject ${id}\` copies the templates to \`.aideploy/templates/${id}\`, where you may change them.
`;
}

const targetsPage = (): string => `# Targets

| Target | Writes |
|---|---|
${list(TARGETS.map(({ id, title }) => [`[${id}](${id}.md)`, cell(title)]))}
`;

const probesPage = (): string => `# Probes of \`aideploy verify\`

| Probe | Proves |
|---|---|
${list(PROBES.map(({ id, title }) => [`\`${id}\``, cell(title)]))}
`;
