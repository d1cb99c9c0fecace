import type { Answer } from '../../platforms/answer.ts';
import type { Store } from '../store.ts';

/** One record on several hosts: the first one's is the truth, and has the lease; the others have copies. */
export function mirrored(first: Store, copies: readonly Store[]): Store {
  const everywhere = async (
    write: (store: Store) => Promise<Answer<void>>,
    known: (copy: Store) => Promise<Answer<boolean>> = async () => ({ value: true }),
  ): Promise<Answer<void>> => {
    const { obstacle } = await write(first);
    if (obstacle) return { obstacle };
    for (const copy of copies) {
      const has = await known(copy);
      if (has.obstacle) return { obstacle: has.obstacle };
      const written = has.value ? await write(copy) : undefined;
      if (written?.obstacle) return { obstacle: written.obstacle };
    }
    return { value: undefined };
  };
  return {
    ...first,
    add: (release, files, signal) => everywhere(store => store.add(release, files, signal)),
    mark: (id, status, signal) =>
      everywhere(
        store => store.mark(id, status, signal),
        // A host that was not there yet then has no such release.
        async copy => {
          const { value, obstacle } = await copy.releases(signal);
          return obstacle ? { obstacle } : { value: value.some(release => release.id === id) };
        },
      ),
    remove: (id, signal) => everywhere(store => store.remove(id, signal)),
    audit: (line, signal) => everywhere(store => store.audit(line, signal)),
  };
}
