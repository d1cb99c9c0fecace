/** A run of its own, which a test can kill: FOLDER deploy TAG, or FOLDER rollback. Bundled by the test that starts it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployOf, rollbackOf, strategyAt } from './cloudrun-run.ts';

const [root = '', action, tag = ''] = process.argv.slice(2);
const configuration = readFileSync(join(root, 'aideploy.yaml'), 'utf8');
const folder = 'deploy/cloudrun';
const files = readdirSync(join(root, folder)).map(name => ({
  path: `${folder}/${name}`,
  content: readFileSync(join(root, folder, name), 'utf8'),
  mode: name.endsWith('.sh') ? 0o755 : 0o644,
}));
const strategy = await strategyAt(root, configuration);
const { signal } = new AbortController();
const { outcome, cause } = await (action === 'deploy'
  ? deployOf(strategy, { tag, configuration, files }, signal)
  : rollbackOf(strategy, signal));
process.stdout.write(`${outcome} ${cause ?? ''}\n`);
