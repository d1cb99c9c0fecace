import type { DetectedMigrations, Evidence, Existing } from '../detection.ts';
import { evidenceAt } from '../evidence.ts';
import type { CallSite, Program } from '../program/facts.ts';
import type { Entry } from './program.ts';

interface Tool {
  name: string;
  /** Modules that are it. */
  module?: RegExp;
  /** Calls that run it. */
  call?: RegExp;
  folder?: RegExp;
  table: string;
  command?: string[];
}

const tools: Tool[] = [
  {
    name: 'golang-migrate',
    module: /^github\.com\/golang-migrate\/migrate/,
    call: /\.(Up|Migrate)$/,
    table: 'schema_migrations',
  },
  {
    name: 'goose',
    module: /^github\.com\/pressly\/goose/,
    call: /^goose\.(Up|UpContext)$|\.Up$/,
    table: 'goose_db_version',
  },
  { name: 'gorm', module: /^gorm\.io\/gorm/, call: /\.AutoMigrate$/, table: '' },
  {
    name: 'alembic',
    folder: /alembic\/versions$|versions$/,
    call: /^(alembic\.)?command\.upgrade$/,
    table: 'alembic_version',
    command: ['alembic', 'upgrade', 'head'],
  },
  {
    name: 'prisma',
    folder: /prisma\/migrations$/,
    table: '_prisma_migrations',
    command: ['npx', 'prisma', 'migrate', 'deploy'],
  },
  {
    name: 'drizzle',
    folder: /drizzle$/,
    module: /^drizzle-orm/,
    call: /^migrate$/,
    table: '__drizzle_migrations',
    command: ['npx', 'drizzle-kit', 'migrate'],
  },
  {
    name: 'django',
    module: /^django/,
    call: /^call_command$/,
    table: 'django_migrations',
    command: ['python', 'manage.py', 'migrate'],
  },
];

/** How the schema of the database is brought up to date, and by whom. */
export function migrationsOf(
  entry: Entry,
  program: Program,
  folders: Existing['migrations'],
): DetectedMigrations | undefined {
  const near = folders.filter(
    ({ dir }) => entry.dir === '.' || dir === entry.dir || dir.startsWith(`${entry.dir}/`),
  );
  const folder = near[0];
  for (const tool of tools) {
    const imported = tool.module && importOf(program, tool.module);
    const own = tool.folder ? near.find(({ dir }) => tool.folder?.test(dir)) : undefined;
    const call = tool.call && (imported || own) ? callOf(program, tool.call) : undefined;
    if (!(own || (imported && (call || (folder && tool.name !== 'gorm'))))) continue;
    return made(entry, program, {
      tool: tool.name,
      table: tool.table,
      folder: own?.dir ?? folder?.dir,
      call,
      command: tool.command,
      evidence: imported,
    });
  }
  const embedded =
    folder &&
    program.files.find(({ text }) =>
      new RegExp(`//go:embed .*(${folder.dir.split('/').pop()}|sql)`).test(text),
    );
  const table = folder && tableName(program);
  if (!folder || !(embedded || table)) return undefined;
  const call = callOf(program, /(^|\.)(run_?)?migrat\w*$/i);
  return made(entry, program, {
    tool: embedded ? 'embedded SQL' : 'SQL',
    table: table?.name ?? '',
    folder: folder.dir,
    call,
    evidence: table?.evidence,
  });
}

interface Found {
  tool: string;
  table: string;
  folder: string | undefined;
  call: CallSite | undefined;
  command?: string[] | undefined;
  evidence: Evidence | undefined;
}

function made(
  entry: Entry,
  program: Program,
  { tool, table, folder, call, command, evidence }: Found,
): DetectedMigrations {
  const own = entry.language === 'go' ? subcommand(program, entry) : undefined;
  const chosen = own?.command ?? (call ? undefined : command);
  const places = [
    ...(evidence ? [evidence] : []),
    ...(call ? [evidenceAt(call.file, call.node)] : []),
    ...(own ? [own.evidence] : []),
  ];
  return {
    tool,
    ...(folder ? { dir: folder } : {}),
    ...(table ? { table } : {}),
    run: own || !call ? 'command' : 'server',
    ...(chosen ? { command: chosen } : {}),
    evidence: places.length > 0 ? places : [{ file: folder ?? entry.dir, line: 1 }],
  };
}

/** `/server migrate`, or a program of its own beside it. */
function subcommand(program: Program, entry: Entry): { command: string[]; evidence: Evidence } | undefined {
  const beside = entry.build.binaries.find(({ value }) => /(^|\/)migrat\w*$/.test(value));
  if (beside?.evidence[0])
    return { command: [`/${beside.value.split('/').pop()}`], evidence: beside.evidence[0] };
  for (const file of program.files) {
    if (!/^package main\b/m.test(file.text)) continue;
    const word = file.strings.find(
      ({ text, node }) =>
        /^migrate(-up)?$/.test(text) &&
        /binary_expression|expression_case|expression_list/.test(node.parent?.type ?? ''),
    );
    const binary = entry.build.main.value.split('/').pop() ?? 'server';
    if (word && /os\.Args|flag\.Arg|\bargs\[/.test(file.text))
      return { command: [`/${binary}`, word.text], evidence: evidenceAt(file, word.node) };
  }
  return undefined;
}

function importOf(program: Program, pattern: RegExp): Evidence | undefined {
  for (const file of program.files) {
    const found = file.imports.find(({ module }) => pattern.test(module));
    if (found) return evidenceAt(file, found.node);
  }
  return undefined;
}

function callOf(program: Program, pattern: RegExp): CallSite | undefined {
  for (const file of program.files) {
    const found = file.calls.find(({ dotted }) => pattern.test(dotted));
    if (found) return found;
  }
  return undefined;
}

/** The table in which a program of its own keeps what it has run. */
function tableName(program: Program): { name: string; evidence: Evidence } | undefined {
  for (const file of program.files) {
    for (const { text, node } of file.strings) {
      const name = /create table (?:if not exists )?"?(\w*migrations?)"?/i.exec(text)?.[1];
      if (name) return { name, evidence: { file: file.path, line: node.startPosition.row + 1 } };
    }
  }
  return undefined;
}
