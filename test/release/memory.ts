import type { Answer } from '../../src/platforms/answer.ts';
import type { Release, StoredFile } from '../../src/release/release.ts';
import type { AuditLine, Lease, Store } from '../../src/release/store.ts';
import type { Content, Goal, Standing, Step, StepEnd, Strategy } from '../../src/release/strategy.ts';

/** A platform in memory: it runs what it is told to, and fails where a test wants it to. */
export interface Memory {
  readonly strategy: Strategy;
  readonly releases: Map<string, Release>;
  readonly audit: AuditLine[];
  /** Every step that was performed, in order. */
  readonly performed: string[];
  running: string | undefined;
  lease: Lease | undefined;
  /** How the step with this title ends, instead of well. */
  readonly ends: Map<string, StepEnd[]>;
  /** Why the platform cannot be asked now. */
  down: string | undefined;
  content: Content;
}

const answered = <Value>(value: Value): Promise<Answer<Value>> => Promise.resolve({ value });

export function memoryPlatform(): Memory {
  const files = new Map<string, readonly StoredFile[]>();
  const memory: Memory = {
    releases: new Map(),
    audit: [],
    performed: [],
    running: undefined,
    lease: undefined,
    ends: new Map(),
    down: undefined,
    content: { images: {}, checksums: {}, secrets: {}, files: [] },
    strategy: undefined as unknown as Strategy,
  };
  const guarded = <Value>(value: () => Value): Promise<Answer<Value>> =>
    memory.down === undefined
      ? answered(value())
      : Promise.resolve({ obstacle: { why: memory.down, next: 'bring it back', away: true } });
  const store: Store = {
    place: 'memory',
    releases: () => guarded(() => [...memory.releases.values()].sort((a, b) => a.sequence - b.sequence)),
    files: id => guarded(() => files.get(id) ?? []),
    add: (release, its) =>
      guarded(() => {
        if (memory.releases.has(release.id)) return;
        memory.releases.set(release.id, release);
        files.set(release.id, its);
      }),
    mark: (id, status) =>
      guarded(() => {
        const release = memory.releases.get(id);
        if (!release) throw new Error(`no release ${id}`);
        memory.releases.set(id, { ...release, status });
      }),
    remove: id => guarded(() => void memory.releases.delete(id)),
    audit: line => guarded(() => void memory.audit.push(line)),
    lease: () => guarded(() => memory.lease),
    exchange: (seen, next) =>
      guarded(() => {
        if (JSON.stringify(memory.lease) !== JSON.stringify(seen)) return false;
        memory.lease = next;
        return true;
      }),
  };
  const step = (title: string, effect: () => void = () => undefined): Step => ({
    title,
    command: `do ${title}`,
    async perform() {
      memory.performed.push(title);
      if (memory.down !== undefined)
        return { status: 'obstructed', obstacle: { why: memory.down, next: 'bring it back' } };
      const end = memory.ends.get(title)?.shift() ?? { status: 'done' };
      if (end.status === 'done') effect();
      return end;
    },
  });
  const switching = (goal: Goal) =>
    step(`switch to ${goal.release.id}`, () => {
      memory.running = goal.release.id;
    });
  Object.assign(memory, {
    strategy: {
      platform: 'memory',
      store,
      inspect: () =>
        guarded((): Standing => ({ current: memory.running, empty: memory.running === undefined })),
      content: () => guarded(() => memory.content),
      backup: () => step('back the database up'),
      deploy: goal => [
        ...(goal.migrate ? [step(`migrate ${goal.release.id}`)] : []),
        switching(goal),
        step(`wait for ${goal.release.id}`),
      ],
      rollback: goal => [switching(goal), step(`wait for ${goal.release.id}`)],
      restore: backup => [step(`restore ${backup}`)],
      forget: release => step(`remove the programs of ${release.id}`),
      await: goal => [step(`wait until somebody applied ${goal.release.id}`)],
      notReverted: ['what memory forgets'],
    } satisfies Strategy,
  });
  return memory;
}
