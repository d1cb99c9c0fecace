// Steps of a release. `npm version <major|minor|patch>` calls `check` before it writes the number and `changelog` before
// it commits; the workflow of a tag calls `tagged` before anything is built, and `notes` for the text of the release.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const CHANGELOG = 'CHANGELOG.md';
const OPEN = '## Unreleased';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
const manifest = () => JSON.parse(readFileSync('package.json', 'utf8'));

/** What stands below a heading of the second level; undefined where there is none. */
function sectionOf(heading) {
  const [, ...sections] = `\n${readFileSync(CHANGELOG, 'utf8')}`.split(/^(?=## )/m);
  const found = sections.find(section => section.split('\n', 1)[0] === heading);
  return found?.slice(heading.length).trim();
}

/** The heading of a version, whatever its day. */
function headingOf(version) {
  const lines = readFileSync(CHANGELOG, 'utf8').split('\n');
  return lines.find(line => line.startsWith(`## ${version} - `));
}

/** Everything is bundled, so the packages that build and test count as well: no --omit=dev. */
function auditFaults() {
  const { stdout, error } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', timeout: 120_000 });
  const answer = parsed(stdout);
  const counts = answer?.metadata?.vulnerabilities;
  if (!counts) return [`npm audit gave no answer: ${answer?.message ?? error?.message ?? 'no JSON'}`];
  const found = Object.keys(answer.vulnerabilities);
  return counts.total === 0 ? [] : [`npm audit: ${counts.total} known faults in ${found.join(', ')}`];
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Provenance says which repository a package is from, and npm refuses one that the manifest does not name. */
const repositoryFaults = () =>
  manifest().repository?.url
    ? []
    : [
        'package.json names no repository, which npm compares with the provenance: npm pkg set repository.url=git+https://HOST/OWNER/NAME.git',
      ];

const STEPS = {
  check() {
    const branch = git('rev-parse', '--abbrev-ref', 'HEAD');
    return [
      ...(branch === 'main' ? [] : [`this is ${branch}; releases are made of main`]),
      ...(git('status', '--porcelain') === '' ? [] : ['the tree is not clean; commit or stash first']),
      ...(sectionOf(OPEN) ? [] : [`${CHANGELOG} says nothing under ${OPEN}`]),
      ...repositoryFaults(),
      ...auditFaults(),
    ];
  },

  changelog() {
    const version = process.env['npm_new_version'] ?? manifest().version;
    if (headingOf(version)) return [`${CHANGELOG} has ${version} already`];
    const day = new Date().toISOString().slice(0, 10);
    const text = readFileSync(CHANGELOG, 'utf8');
    writeFileSync(CHANGELOG, text.replace(/^## Unreleased$/m, `${OPEN}\n\n## ${version} - ${day}`));
    git('add', CHANGELOG);
    return [];
  },

  tagged(tag) {
    const { version } = manifest();
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).version;
    const notes = headingOf(version) && sectionOf(headingOf(version));
    const isOnMain = spawnSync('git', ['merge-base', '--is-ancestor', 'HEAD', 'origin/main']).status === 0;
    return [
      ...(tag === `v${version}` ? [] : [`the tag is ${tag}, and package.json says ${version}`]),
      ...(lock === version ? [] : [`package-lock.json says ${lock}, and package.json ${version}`]),
      ...(notes ? [] : [`${CHANGELOG} says nothing of ${version}`]),
      ...(isOnMain ? [] : ['the commit is not on main']),
      ...repositoryFaults(),
      ...auditFaults(),
    ];
  },

  notes() {
    const heading = headingOf(manifest().version);
    if (heading) console.log(sectionOf(heading));
    return heading ? [] : [`${CHANGELOG} says nothing of ${manifest().version}`];
  },
};

const [step = '', ...rest] = process.argv.slice(2);
const faults = Object.hasOwn(STEPS, step)
  ? STEPS[step](...rest)
  : [`usage: release.mjs ${Object.keys(STEPS).join('|')}`];
for (const fault of faults) console.error(`release: ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
