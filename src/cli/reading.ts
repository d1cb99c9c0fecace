/** As long as somebody waits without asking what for. */
const PATIENCE = 2_000;
const EVERY = 200;
const ERASE = '\r\u001b[K';

export interface Reading {
  at(text: string): void;
  end(): void;
}

/** What a long reading is at, on a line that the next one is drawn over; a short reading says nothing. */
export function createReading(write: (text: string) => void, now = () => performance.now()): Reading {
  let due = now() + PATIENCE;
  let drawn = false;
  return {
    at: text => {
      if (now() < due) return;
      due = now() + EVERY;
      drawn = true;
      write(`${ERASE}${text.slice(0, 78)}`);
    },
    end: () => {
      if (drawn) write(ERASE);
    },
  };
}
