/** Lines of a log that a message has room for. */
export const QUOTED = 5;
const LONGEST = 300;

/** The end of a log, short enough to be quoted. */
export const lastLines = (text: string): string[] =>
  text
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(-QUOTED)
    .map(line => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line));
