// npm run actions:update: asks GitHub for the newest release of each action in the table, and for its commit.
// The workflows of this repository use the same commits, and follow.
// With --check nothing is written; exit 1 where a version of the table is not the commit it says, or a newer one is there.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TABLE =
  process.env.ACTIONS_TABLE ?? fileURLToPath(new URL('../src/targets/github/actions.json', import.meta.url));
const WORKFLOWS =
  process.env.ACTIONS_WORKFLOWS ?? fileURLToPath(new URL('../.github/workflows', import.meta.url));
const USE = /\buses: ([\w.-]+\/[\w.-]+)@[0-9a-f]{40} # v\S+/g;
const VERSION = /^refs\/tags\/(v\d+\.\d+\.\d+)(\^\{\})?$/;

/** Tags of whole versions, each with the commit it stands for; an annotated one is told twice, the commit last. */
function releases(repository) {
  const address = `https://github.com/${repository}`;
  const answer = execFileSync('git', ['ls-remote', '--tags', address], { encoding: 'utf8', timeout: 60_000 });
  const tags = new Map();
  for (const line of answer.split('\n')) {
    const [commit, reference = ''] = line.split('\t');
    const [, version, peeled] = VERSION.exec(reference) ?? [];
    if (version && (peeled || !tags.has(version))) tags.set(version, commit);
  }
  if (tags.size === 0) throw new Error(`${repository} has no tags such as v1.2.3`);
  return tags;
}

const newestOf = tags => [...tags.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);

const table = JSON.parse(readFileSync(TABLE, 'utf8'));
const told = [];
for (const [repository, { version, commit }] of Object.entries(table)) {
  const tags = releases(repository);
  const newest = newestOf(tags);
  if (tags.get(version) !== commit)
    told.push(`${repository} ${version} is ${tags.get(version) ?? 'gone'}, not ${commit}`);
  if (newest !== version) told.push(`${repository} ${version} -> ${newest}`);
  table[repository] = { version: newest, commit: tags.get(newest) };
}

function updateWorkflows() {
  for (const name of readdirSync(WORKFLOWS)) {
    const file = join(WORKFLOWS, name);
    const text = readFileSync(file, 'utf8');
    const updated = text.replace(USE, (use, repository) => {
      const { version, commit } = table[repository] ?? {};
      return commit ? `uses: ${repository}@${commit} # ${version}` : use;
    });
    if (updated !== text) writeFileSync(file, updated);
  }
}

for (const line of told) console.log(line);
if (process.argv.includes('--check')) process.exitCode = told.length > 0 ? 1 : 0;
else {
  writeFileSync(TABLE, `${JSON.stringify(table, null, 2)}\n`);
  updateWorkflows();
}
