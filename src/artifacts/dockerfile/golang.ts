import { type Dockerfile, finalStage } from './dockerfile.ts';
import { expanded } from './facts.ts';

/** Whether the image holds a program that a stage built with Go, and by which version of it. */
export function goBuild(file: Dockerfile): { readonly version: string | undefined } | undefined {
  const golang = file.stages
    .map(stage => /(?:^|\/)golang(?::(\d+\.\d+))?/.exec(expanded(file, stage.image.value)))
    .find(found => found);
  // A library of Go's is loaded by a program in another language.
  const copied = finalStage(file)?.instructions.some(
    each =>
      each.keyword === 'COPY' &&
      each.flags.some(flag => flag.name === 'from') &&
      !each.words
        .slice(0, -1)
        .every(word => /node_modules|\.(?:so|a|dylib|dll|js|py|html)\b|\/dist\b/.test(word.value)),
  );
  return golang && copied ? { version: golang[1] } : undefined;
}
