import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../package.ts';
import type { Target } from '../targets/target.ts';
import { readState } from '../workspace/locate.ts';
import { writeFileAtomic } from '../workspace/write.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, UsageError } from './exit.ts';

/** Copies a target's templates into the project, where they then replace the built-in ones. */
export async function eject(
  context: Context,
  target: Target,
  { force = false, dryRun = false }: { readonly force?: boolean; readonly dryRun?: boolean },
): Promise<ExitCode> {
  const folder = packagePath(`templates/${target.id}`);
  const names = (await readdir(folder)).filter(name => name.endsWith('.hbs')).sort();
  const files = names.map(name => ({
    from: join(folder, name),
    to: `.aideploy/templates/${target.id}/${name}`,
  }));
  for (const { to } of files)
    if (!force && (await readState(context.root, to)))
      throw new UsageError(`${to} is there already; --force replaces it`);
  if (!dryRun)
    for (const { from, to } of files) await writeFileAtomic(context.root, to, await readFile(from, 'utf8'));
  if (context.format === 'json') context.json({ files: files.map(({ to }) => ({ path: to })) });
  else context.result(files.map(({ to }) => `${dryRun ? 'would write' : 'wrote'} ${to}`).join('\n'));
  return EXIT.yes;
}
