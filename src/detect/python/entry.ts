import { descendants, field } from '../../syntax/tree.ts';
import type { DetectedBuild, Finding, ServiceKind } from '../detection.ts';
import type { SourceFile } from '../program/facts.ts';
import { relativeTo } from '../walk.ts';
import type { PythonFolder } from './project.ts';

/** A program of a folder, before it is named and placed. */
export interface PythonEntry {
  name: string;
  files: SourceFile[];
  main: Finding<string>;
  build: Partial<DetectedBuild>;
  kind: Finding<ServiceKind>;
  framework?: Finding<string>;
  port?: Finding<number>;
  command?: Finding<string[]>;
}

/** The module's name as it is imported, and the folder that has to be on the path for that. */
export function moduleName(path: string, folder: PythonFolder): { module: string; sourceRoot?: string } {
  const inside = relativeTo(path, folder.dir);
  const isSrc = inside.startsWith('src/');
  const module = (isSrc ? inside.slice(4) : inside)
    .replace(/\.py$/, '')
    .replace(/\/__init__$/, '')
    .replace(/\//g, '.');
  return { module, ...(isSrc ? { sourceRoot: 'src' } : {}) };
}

/** `if __name__ == "__main__":` */
export function isScript(file: SourceFile): boolean {
  if (/(^|\/)__main__\.py$/.test(file.path)) return true;
  return descendants(file.tree.rootNode, 'if_statement').some(each =>
    /__name__\s*==/.test(field(each, 'condition')?.text ?? ''),
  );
}
