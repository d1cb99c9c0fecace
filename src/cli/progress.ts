import kleur from 'kleur';

/** Shows long work on stderr: one line a step, live on a terminal, plain elsewhere. */
export interface Progress {
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}

const REDRAW = 100;

export function createProgress(stream: NodeJS.WriteStream, quiet: boolean): Progress {
  const live = stream.isTTY === true && !quiet;
  return {
    async step(title, work) {
      const started = performance.now();
      const elapsed = () => `${((performance.now() - started) / 1000).toFixed(1)}s`;
      const draw = () => stream.write(`\r${kleur.dim('..')} ${title} ${kleur.dim(elapsed())}\u001b[K`);
      const timer = live ? setInterval(draw, REDRAW) : undefined;
      const end = (mark: string) => {
        clearInterval(timer);
        if (!quiet)
          stream.write(
            `${live ? '\r' : ''}${mark} ${title} ${kleur.dim(elapsed())}${live ? '\u001b[K' : ''}\n`,
          );
      };
      try {
        const result = await work();
        end(kleur.green('ok'));
        return result;
      } catch (error) {
        end(kleur.red('no'));
        throw error;
      }
    },
  };
}
