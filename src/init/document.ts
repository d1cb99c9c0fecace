import { Document, isMap, isScalar, isSeq, type Node, visit, type YAMLMap } from 'yaml';

export const SCHEMA_PATH = '.aideploy/schema.json';

/** The order in which a person reads the file; what is not named keeps its place behind. */
const ORDER = [
  'version',
  'name',
  'domain',
  'image',
  'services',
  'database',
  'observability',
  'targets',
  'environments',
  'verify',
  'patches',
  'check',
];
const INLINE_KEYS = new Set([
  'health',
  'metrics',
  'grpc',
  'timeouts',
  'limits',
  'scale',
  'stream',
  'user',
  'cpu',
  'memory',
  'workers',
]);
const LONGEST_INLINE = 100;

/** aideploy.yaml as `init` writes it: short mappings on one line, and where each fact was read from. */
export function writeDocument(draft: Record<string, unknown>, comments: ReadonlyMap<string, string>): string {
  const rank = (key: string) => ORDER.indexOf(key) + 1 || ORDER.length + 1;
  const sorted = Object.entries(draft).sort(([a], [b]) => rank(a) - rank(b));
  const document = new Document(Object.fromEntries(sorted));
  visit(document, {
    Seq(_, list) {
      for (const item of list.items) if (isShortItem(item)) item.flow = true;
    },
    Pair(_, pair) {
      if (!isScalar(pair.key) || !(isMap(pair.value) || isSeq(pair.value))) return;
      const inline = isSeq(pair.value)
        ? isShortList(pair.value as never)
        : INLINE_KEYS.has(String(pair.key.value));
      if (inline && JSON.stringify(pair.value.toJSON()).length <= LONGEST_INLINE) pair.value.flow = true;
    },
  });
  for (const [path, comment] of comments) attach(document, path.split('/'), comment);
  const body = document.toString({ lineWidth: 120, flowCollectionPadding: false });
  return `# yaml-language-server: $schema=./${SCHEMA_PATH}\n${body}`;
}

const isShortList = (list: { items: readonly Node[] }): boolean => list.items.every(item => isScalar(item));

/** An item such as `{name: DATABASE_URL, from: database}` reads best on one line. */
const isShortItem = (item: unknown): item is YAMLMap =>
  isMap(item) &&
  item.items.every(pair => isScalar(pair.value)) &&
  JSON.stringify(item.toJSON()).length <= LONGEST_INLINE;

/** A comment behind a plain value, above anything larger. */
function attach(document: Document, path: readonly string[], comment: string): void {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return;
  const pair = parent.items.find(item => isScalar(item.key) && item.key.value === path.at(-1));
  if (!pair || parent.flow) return;
  if (isScalar(pair.value) || (isMap(pair.value) && pair.value.flow))
    (pair.value as Node).comment = ` ${comment}`;
  else if (isScalar(pair.key)) pair.key.commentBefore = ` ${comment}`;
}
