/** Controls, and what turns the direction of a text: a terminal or a page would obey them instead of showing them. */
const COMMANDS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;
const LINE_ENDS = /\r\n?|\n/g;

/** Text of a stranger as one line that nothing obeys. */
export const line = (text: string): string =>
  text.replaceAll(LINE_ENDS, ' \\n ').replaceAll('\t', ' ').replaceAll(COMMANDS, spelt);

/** The same, over several lines. */
export const block = (text: string): string =>
  text
    .replaceAll(LINE_ENDS, '\n')
    .split('\n')
    .map(each => line(each))
    .join('\n');

const spelt = (command: string): string => `\\u{${command.codePointAt(0)?.toString(16)}}`;
