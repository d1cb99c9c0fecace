import { apply } from '../../src/workspace/apply.ts';
import { plan } from '../../src/workspace/plan.ts';
import { after } from './scenario.ts';

/** A process of its own, which renders a project and is killed before its nth write: `killed.ts ROOT N`. */
const [root = '', at = ''] = process.argv.slice(2);
let writes = 0;
await apply(root, await plan(root, after, { prune: true }), {
  onWrite: () => {
    if (writes++ === Number(at)) process.kill(process.pid, 'SIGKILL');
  },
});
console.log(writes);
