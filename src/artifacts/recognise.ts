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
  /(?:^|\/)(?:package(?:-lock)?\.json|tsconfig[\w.]*\.json|composer\.(?:json|lock)|pnpm-lock\.yaml|LICENSE|Makefile|gradlew|mvnw)$/;

export const isCandidate = (path: string): boolean =>
  (CANDIDATE.test(path) || isNamed(path)) && !GENERATED.test(path);

/** Helm's own words, which no other use of double braces has. */
const HELM =
  /\{\{-?\s*(?:\.(?:Values|Release|Chart|Capabilities|Files)\b|(?:include|toYaml|tpl|template|define|fromYaml)\s)/;
const JINJA = /\{%-?\s*(?:if|for|set|block|include|macro|endif|endfor|raw)\b/;
/** Of a text that does not parse, these say why: of Go and Jinja, ERB, Terraform, and what other tools replace. */
const MARKS = /\{\{[^{}]*\}\}|\{%|<%|%\{|#\{|#!(?:if|for)\b/;
/** What their own programs fill in, whatever marks they chose. */
const FILLED_IN = /\.(?:j2|jinja2?|gotmpl)$/;
/** What may be one, or a file whose variables envsubst replaces: it is one where it does not parse. */
const MAY_BE_FILLED_IN = /(?:^|[./_-])(?:template|tmpl|tpl)(?:[./_-]|$)/;

/** What changes a file is none. */
const CHANGE = /^(?:diff --git |Index: \S|--- \S[^\n]*\n\+\+\+ \S)/;

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

function kindsOf(name: string, { content }: Text): readonly AnyKind[] {
  if (CHANGE.test(content)) return [];
  const own = KINDS.filter(kind => !kind.foreign?.test(content));
  const named = own.filter(kind => kind.names.test(name));
  if (named.length > 0) return named;
  const spoken = LANGUAGES.find(({ files, begins }) => files.test(name) || begins?.test(content))?.kinds;
  return own.filter(kind => (spoken?.includes(kind.id) ?? true) && (kind.content?.(content, name) ?? false));
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

/** What names and first lines say of the language of a file leaves these kinds, whatever its text quotes. */
const LANGUAGES: readonly { files: RegExp; begins?: RegExp; kinds: readonly KindId[] }[] = [
  { files: /\.(?:sh|bash)$/, begins: /^#!/, kinds: ['gunicorn', 'powershell', 'shell'] },
  { files: /\.ya?ml(?:\.[\w-]+)?$/, kinds: YAML },
  { files: /\.json$/, kinds: [...YAML, 'sample'] },
];

interface Sink {
  readonly documents: AnyDocument[];
  readonly complaints: Complaint[];
}

async function read(text: Text, name: string, kinds: readonly AnyKind[], sink: Sink): Promise<void> {
  for (const kind of kinds) {
    const template = templateOf(kind.id, name, text.content);
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

/** `...` or `…` for what is left out. */
const ELISION = /(?:^|[\s{[(])(?:\.{3}|…)(?=$|[\s}\]);,])/m;

/** A guide shows parts of files, and what programs answer: what does not parse is a file only where the guide says so. */
const isWhole =
  (part: Embedded, name: string) =>
  (kind: AnyKind): boolean => {
    const { content } = part.text;
    if (kind.id === 'dockerfile' && !/^\s*FROM\s/im.test(content)) return false;
    const isBroken = () => parsed(kind, part.text, name).faults.some(each => each.rule === 'file/unreadable');
    if (!YAML.includes(kind.id)) return part.tagged ? !ELISION.test(content) || !isBroken() : !isBroken();
    return (
      (part.tagged && part.name && !ELISION.test(content) && readYaml(part.text).faults.length > 0) ||
      !isBroken()
    );
  };

/** Guides and scripts speak of templates without being any. */
const SPEAKERS: readonly KindId[] = ['cmd', 'markdown', 'powershell', 'sample', 'shell'];

function templateOf(kind: KindId, name: string, content: string): Fault | undefined {
  if (FILLED_IN.test(name)) return skipped(Math.max(content.search(MARKS), 0));
  if (SPEAKERS.includes(kind)) return undefined;
  const found = kind === 'workflow' ? null : (HELM.exec(content) ?? JINJA.exec(content));
  return found ? skipped(found.index) : undefined;
}

const skipped = (offset: number): Fault => ({
  rule: 'file/skipped',
  offset,
  message: 'a template, which has to be filled in first',
});

function parsed(kind: AnyKind, text: Text, name: string): { body?: unknown; faults: readonly Fault[] } {
  const result = kind.parse(text, name);
  if (result.faults.length === 0 || SPEAKERS.includes(kind.id)) return result;
  const mark = text.content.search(MARKS);
  return mark !== -1 || MAY_BE_FILLED_IN.test(name) ? { faults: [skipped(Math.max(mark, 0))] } : result;
}
