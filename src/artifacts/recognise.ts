import { KINDS } from './all.ts';
import type { AnyDocument, AnyKind, Embedded, Fault, KindId } from './document.ts';
import { embeddedIn } from './kinds.ts';
import type { RawFile } from './read.ts';
import { type Place, type Text, textOf } from './text.ts';
import { readYaml } from './yaml-reader.ts';

/** A fault and the place it stands at. */
export interface Complaint {
  readonly rule: Fault['rule'];
  readonly at: Place;
  readonly message: string;
}

export interface Recognised {
  readonly documents: readonly AnyDocument[];
  readonly complaints: readonly Complaint[];
  readonly texts: readonly Text[];
}

/** Names of files that may be artifacts; what they are is decided by name and content. */
const CANDIDATE =
  /(?:^|\/)(?:[^/.]+|[^/]*\.(?:ya?ml|json|jsonl|ndjson|log|conf|conf\.j2|cfg|service|socket|timer|target|mount|path|env|properties|example|sample|sh|bash|ps1|cmd|bat|sql|md|markdown|cron|crontab|logrotate|rules|prom|tpl|tmpl|j2|jinja2?|template)|[^/]*[Dd]ockerfile[^/]*|[^/]*Containerfile[^/]*|\.dockerignore|[^/]*\.dockerignore|\.env(?:\.[\w.-]+)?|[^/]*gunicorn[^/]*\.py|[^/]*metrics[^/]*\.txt)$/;

/** What is written by programs for programs, whatever it looks like. */
const GENERATED =
  /(?:^|\/)(?:package(?:-lock)?\.json|tsconfig[\w.]*\.json|composer\.(?:json|lock)|pnpm-lock\.yaml|LICENSE|Makefile)$/;

export const isCandidate = (path: string): boolean =>
  (CANDIDATE.test(path) || isNamed(path)) && !GENERATED.test(path);

/** Helm's own words, which no other use of double braces has. */
const HELM =
  /\{\{-?\s*(?:\.(?:Values|Release|Chart|Capabilities|Files)\b|(?:include|toYaml|tpl|template|define|fromYaml)\s)/;
const JINJA = /\{%-?\s*(?:if|for|set|block|include|macro|endif|endfor|raw)\b/;
/** Of a text that does not parse, these say why. */
const BRACES = /\{\{[^{}]*\}\}/;

export async function recognise(files: readonly RawFile[]): Promise<Recognised> {
  const [documents, complaints, texts]: [AnyDocument[], Complaint[], Text[]] = [[], [], []];
  for (const file of files) {
    const text = textOf(file.path, file.content);
    texts.push(text);
    const kinds = kindsOf(file.path, text);
    if (kinds.length === 0) continue;
    if (file.lossy)
      complaints.push({ rule: 'file/encoding', at: text.place(0), message: 'it is not UTF-8 throughout' });
    await read(text, file.path, kinds, { documents, complaints });
  }
  return { documents, complaints, texts };
}

/** Whether the name alone makes it an artifact: what else cannot be read is none of ours. */
export const isNamed = (path: string): boolean => KINDS.some(kind => kind.names.test(path));

function kindsOf(name: string, text: Text): readonly AnyKind[] {
  const named = KINDS.filter(kind => kind.names.test(name));
  return named.length > 0 ? named : KINDS.filter(kind => kind.content?.(text.content, name) ?? false);
}

interface Sink {
  readonly documents: AnyDocument[];
  readonly complaints: Complaint[];
}

async function read(text: Text, name: string, kinds: readonly AnyKind[], sink: Sink): Promise<void> {
  for (const kind of kinds) {
    const template = templateOf(kind.id, text.content);
    await kind.load?.();
    const { body, faults } = template ? { body: undefined, faults: [template] } : parsed(kind, text, name);
    for (const { offset, ...fault } of faults) sink.complaints.push({ ...fault, at: text.place(offset) });
    if (body === undefined) continue;
    const document = { kind: kind.id, text, name, body } as AnyDocument;
    sink.documents.push(document);
    for (const part of embeddedIn(document)) await readPart(part, document, sink);
  }
}

async function readPart(part: Embedded, host: AnyDocument, sink: Sink): Promise<void> {
  const name = part.name ?? part.text.file;
  const kinds = part.kind ? KINDS.filter(kind => kind.id === part.kind) : kindsOf(part.name ?? '', part.text);
  await read(part.text, name, host.kind === 'markdown' ? kinds.filter(isWhole(part, name)) : kinds, sink);
}

const YAML: readonly KindId[] = [
  'alertmanager',
  'cloudrun',
  'compose',
  'kubernetes',
  'kustomization',
  'prometheus',
  'prometheus-rules',
  'workflow',
];
/** `...` or `# …` for what is left out. */
const ELISION = /^\s*(?:-\s+)?(?:#\s*)?(?:\.{3}|…)/m;

/** A guide shows parts of files: YAML that does not parse is a file only where the text around it says so. */
const isWhole =
  (part: Embedded, name: string) =>
  (kind: AnyKind): boolean => {
    if (!YAML.includes(kind.id)) return true;
    if (part.name && !ELISION.test(part.text.content) && readYaml(part.text).faults.length > 0) return true;
    return parsed(kind, part.text, name).faults.every(each => each.rule !== 'file/unreadable');
  };

/** Guides and scripts speak of templates without being any. */
const SPEAKERS: readonly KindId[] = ['cmd', 'markdown', 'powershell', 'sample', 'shell'];

function templateOf(kind: KindId, content: string): Fault | undefined {
  if (SPEAKERS.includes(kind)) return undefined;
  const found = HELM.exec(content) ?? JINJA.exec(content);
  return found ? skipped(found.index) : undefined;
}

const skipped = (offset: number): Fault => ({
  rule: 'file/skipped',
  offset,
  message: 'a template: not checked until it is filled in',
});

function parsed(kind: AnyKind, text: Text, name: string): { body?: unknown; faults: readonly Fault[] } {
  const result = kind.parse(text, name);
  const braces = result.faults.length > 0 && !SPEAKERS.includes(kind.id) ? BRACES.exec(text.content) : null;
  return braces ? { faults: [skipped(braces.index)] } : result;
}
