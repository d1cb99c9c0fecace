/** Lets so many tasks run at once; the others wait for their turn. */
export function createQueue(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async task => {
    if (free > 0) free--;
    else await new Promise<void>(resolve => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // A place is handed on, so that nobody takes it in between.
      if (next) next();
      else free++;
    }
  };
}
