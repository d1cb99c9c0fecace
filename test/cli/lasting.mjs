/** The program in a process that lasts: one command after the other, each as in a process of its own. See lasting.ts. */
import { main } from '../../dist/main.js';

process.on('disconnect', () => process.exit());

process.on('message', async ({ args, cwd, env }) => {
  const said = { stdout: '', stderr: '' };
  const restore = Object.keys(said).map(name => listen(name, text => (said[name] += text)));
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.exitCode = undefined;
  await main(args);
  for (const each of restore) each();
  process.removeAllListeners('SIGINT');
  process.send({ code: process.exitCode ?? 0, ...said });
});

/** What is written there goes to `told` until the answer is called. */
function listen(name, told) {
  const stream = process[name];
  const { write } = stream;
  stream.write = text => {
    told(text);
    return true;
  };
  return () => {
    stream.write = write;
    stream.removeAllListeners('error');
  };
}
