import { UNKNOWN } from '../../artifacts/shell/expand.ts';
import type { Context } from '../context.ts';
import { type Sequence, type Step, samePath, sequencesOf } from '../steps.ts';

interface Unmade {
  readonly step: Step;
  /** Where it is made after all, behind the step that needs it. */
  readonly later: Step | undefined;
}

/** What copies a file or reads it back. */
const TAKES =
  /^(?:cp|mv|install|ln|rsync|scp|tar|unzip|gunzip|gzip|zcat|zstd|zstdcat|unzstd|cat|psql|pg_restore|mysql)$/;
/** Names that say that somebody kept it. */
const KEPT =
  /\.(?:bak|old|orig|prev|previous|backup|save|dump|rdb)\b|[._-](?:bak|backup|prev|previous|old)(?:[./_-]|$)|(?:^|\/)(?:backups?|previous)\/|\.sql\.(?:gz|zst|xz)$/;

const isPath = (step: Step): boolean => step.what === 'path';
const isUnknown = (name: string): boolean =>
  name.startsWith(UNKNOWN) || (name.split('/').at(-1) ?? '').replace(/\.\w+$/, '') === UNKNOWN;

/** Kept states that are taken although no step keeps them. */
export function unmade(context: Context): readonly Unmade[] {
  const sequences = sequencesOf(context);
  const makers = sequences.flatMap(({ steps }) =>
    steps.filter(each => each.does === 'makes' && isPath(each)),
  );
  const open =
    sequences.some(each => each.opaque) || context.complaints.some(each => each.rule === 'file/skipped');
  const files = [...context.texts.keys()];
  return sequences
    .filter(each => (each.guide ? !each.opaque : context.closed && !open))
    .flatMap(sequence =>
      sequence.steps.flatMap((step, i): Unmade[] => {
        if (
          step.does !== 'needs' ||
          !isPath(step) ||
          step.tested ||
          !TAKES.test(step.by) ||
          isLookedFor(step)
        )
          return [];
        if (!KEPT.test(step.name) || isUnknown(step.name) || files.some(file => samePath(file, step.name)))
          return [];
        const own = new Set(sequence.steps);
        const others = makers.filter(
          each => !own.has(each) && !sequence.steps.some(mine => sameStep(mine, each)),
        );
        if ([...others, ...madeIn(sequence, i)].some(each => samePath(each.name, step.name))) return [];
        const later = sequence.steps
          .slice(i + 1)
          .find(
            each =>
              each.does === 'makes' &&
              isPath(each) &&
              each.command !== step.command &&
              samePath(each.name, step.name),
          );
        return later && !sequence.guide ? [] : [{ step, later }];
      }),
    );
}

/** `[ -f server.bak ] && cp server.bak server`: it may be missing. */
const isLookedFor = ({ document, name }: Step): boolean =>
  (document?.text.content ?? '')
    .split('\n')
    .some(
      line =>
        /(?:\[\[?|\btest)\s+(?:!\s+)?-[defrsL]\s/.test(line) && line.includes(name.split('/').at(-1) ?? name),
    );

const sameStep = (a: Step, b: Step): boolean =>
  a.at.file === b.at.file && a.at.line === b.at.line && a.at.column === b.at.column;

/** What is there when a step is reached. */
const madeIn = ({ steps }: Sequence, before: number): readonly Step[] =>
  steps
    .slice(0, before)
    .filter(each => each.does === 'makes' && isPath(each) && each.command !== steps[before]?.command);

/** A way that is gone instead of another, not after it. */
const ALTERNATIVE =
  /\b(?:option|alternative|or|method|appendix|reference|troubleshoot\w*|uninstall\w*|remov\w+|clean\w*|upgrad\w+|updat\w+|overview|summary|quick)\b/i;

/** Steps of a guide that use a file, or start a unit, that only a later step of it makes. */
export function misordered(context: Context): readonly (Unmade & { readonly later: Step })[] {
  const sequences = sequencesOf(context);
  const elsewhere = sequences.flatMap(({ guide, steps }) =>
    guide ? [] : steps.filter(each => each.does === 'makes'),
  );
  return sequences
    .filter(each => each.guide && !each.opaque)
    .flatMap(sequence => {
      const made = new Map<string, { step: Step; index: number }>();
      sequence.steps.forEach((step, index) => {
        if (step.does === 'makes' && isPath(step) && !made.has(step.name))
          made.set(step.name, { step, index });
      });
      const seen = new Set<string>();
      return sequence.steps.flatMap((step, i) => {
        const name =
          step.what === 'unit' ? `/etc/systemd/system/${step.name}` : isPath(step) ? step.name : '';
        const maker = made.get(name);
        if (
          step.does !== 'needs' ||
          !maker ||
          maker.index <= i ||
          maker.step.command === step.command ||
          seen.has(name)
        )
          return [];
        if (
          !isJudged(step, name) ||
          [step, maker.step].some(each => each.headings.some(title => ALTERNATIVE.test(title)))
        )
          return [];
        if (
          [...context.texts.keys()].some(file => samePath(file, name)) ||
          [...elsewhere, ...madeIn(sequence, i)].some(each => samePath(each.name, name))
        )
          return [];
        seen.add(name);
        return [{ step: { ...step, name: step.what === 'unit' ? step.name : name }, later: maker.step }];
      });
    });
}

/** What is kept before it is replaced is there from another day; a file of the project is there before any step. */
const isJudged = (step: Step, name: string): boolean =>
  !step.tested &&
  !name.includes(UNKNOWN) &&
  name.startsWith('/') &&
  !KEPT.test(name) &&
  !/^(?:cp|mv|tar|rsync|rm|cat)$/.test(step.by);
