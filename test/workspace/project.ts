import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Artifact } from '../../src/artifacts/artifact.ts';
import { apply } from '../../src/workspace/apply.ts';
import { type Plan, type PlanOptions, plan } from '../../src/workspace/plan.ts';

export type Files = Readonly<Record<string, string>>;

/** A project in a temporary folder, which goes when the test ends. */
export async function project(files: Files = {}) {
  const root = await mkdtemp(join(tmpdir(), 'aideploy-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const at = (path: string) => join(root, path);
  const write = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), content);
  };
  for (const [path, content] of Object.entries(files)) await write(path, content);
  return {
    root,
    at,
    write,
    read: (path: string) => readFile(at(path), 'utf8'),
    remove: (path: string) => rm(at(path), { recursive: true }),
    chmod: (path: string, mode: number) => chmod(at(path), mode),
    executable: async (path: string) => ((await stat(at(path))).mode & 0o111) !== 0,
    /** Files outside of .aideploy, sorted. */
    list: async () => (await listFiles(root)).filter(path => !path.startsWith('.aideploy/')),
    render: async (rendered: Files | readonly Artifact[], options?: PlanOptions): Promise<Plan> => {
      const planned = await plan(
        root,
        Array.isArray(rendered) ? rendered : artifacts(rendered as Files),
        options,
      );
      await apply(root, planned);
      return planned;
    },
  };
}

export function artifacts(files: Files, target = 'docker'): Artifact[] {
  return Object.entries(files).map(([path, content]) => ({ path, content, target }));
}

export async function listFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** `path: action` of every change, in one line. */
export const said = (planned: Plan): string =>
  planned.changes.map(({ path, action }) => `${path}: ${action}`).join(', ');
