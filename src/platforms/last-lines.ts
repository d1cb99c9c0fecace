/** Lines of a log that a message has room for. */
export const QUOTED = 5;
const LONGEST = 300;

/** The end of a log, short enough to be quoted. */
export const lastLines = (text: string): string[] =>
  text
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(-QUOTED)
    .map(line => (line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line));

const TELLING = /^\s*(?:[\w.]*(?:Error|Exception)\b|panic:|fatal\b|.*\blevel"?[=:]\s*"?(?:error|fatal)\b)/i;

/** The line of a log that says why a program ended: stacks and versions come after it. */
export function tellingLine(text: string): string | undefined {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const line = lines.findLast(each => TELLING.test(each)) ?? lines.at(-1);
  return line && (lastLines(line)[0] ?? line).trim();
}
