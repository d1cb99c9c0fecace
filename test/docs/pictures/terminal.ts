/** A session in a terminal as a picture: text that stays text, for whoever searches or enlarges it. */
import { written } from './svg.ts';

export interface Scene {
  readonly command: string;
  readonly output: string;
  /** Of the lines, those that are shown, as far as it matches. */
  readonly lines: RegExp;
}

const COLUMNS = 104;
const [LETTER, LINE, EDGE, BAR] = [7.8, 19, 18, 34];
const COLOURS = {
  ground: '#11151c',
  bar: '#1c222d',
  text: '#c9d1d9',
  command: '#ffffff',
  dim: '#8b949e',
  good: '#56d364',
  bad: '#ff7b72',
};

const GOOD = /^(?:ok|pass)\b|seen to work$|was taken back|^create/;
const BAD = /^(?:no|fail)\b|: error: | failed: /;
const DIM = /^(?:skip|…)/;

/** Long lines go on below, indented. */
function wrapped(line: string): string[] {
  if (line.length <= COLUMNS) return [line];
  const end = line.lastIndexOf(' ', COLUMNS);
  return [line.slice(0, end), ...wrapped(`      ${line.slice(end + 1)}`)];
}

const colourOf = (line: string): string => {
  if (BAD.test(line)) return COLOURS.bad;
  if (GOOD.test(line)) return COLOURS.good;
  return DIM.test(line) ? COLOURS.dim : COLOURS.text;
};

/** What is left out between two lines leaves its mark. */
function picked({ output, lines }: Scene): string[] {
  const shown: string[] = [];
  for (const line of output.split('\n').filter(each => each !== '')) {
    const [part] = lines.exec(line) ?? [];
    if (part !== undefined) shown.push(part);
    else if (shown.length > 0 && shown.at(-1) !== '…') shown.push('…');
  }
  return shown.at(-1) === '…' ? shown.slice(0, -1) : shown;
}

export function terminalPicture(title: string, scenes: readonly Scene[]): string {
  const rows = scenes.flatMap((scene, index) => [
    ...(index > 0 ? [{ text: '', colour: COLOURS.text }] : []),
    { text: `$ ${scene.command}`, colour: COLOURS.command },
    ...picked(scene).flatMap(line => wrapped(line).map(text => ({ text, colour: colourOf(line) }))),
  ]);
  const width = Math.round(COLUMNS * LETTER + 2 * EDGE);
  const height = BAR + rows.length * LINE + EDGE;
  const lines = rows.map(
    ({ text, colour }, index) =>
      `<text x="${EDGE}" y="${BAR + (index + 1) * LINE}" fill="${colour}">${written(text)}</text>`,
  );
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, index) => `<circle cx="${EDGE + 6 + index * 18}" cy="17" r="5.5" fill="${colour}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${written(title)}">
<style>text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }</style>
<rect width="${width}" height="${height}" rx="9" fill="${COLOURS.ground}"/>
<path d="M0 ${BAR - 6}V9a9 9 0 0 1 9-9h${width - 18}a9 9 0 0 1 9 9v${BAR - 15}z" fill="${COLOURS.bar}"/>
${dots.join('')}
${lines.join('\n')}
</svg>
`;
}
