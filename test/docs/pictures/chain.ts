/** The way of a request as bars: who gives up when, and who is cut. From `check --explain timeouts --format json`. */
import { written } from './svg.ts';

export interface Hop {
  readonly name: string;
  readonly limits: string;
  readonly milliseconds: number;
  readonly at?: { readonly file: string; readonly line: number };
  readonly note?: string;
  readonly cuts: boolean;
}

export interface Way {
  readonly longest: { readonly milliseconds: number; readonly what: string };
  readonly hops: readonly Hop[];
}

export interface Panel {
  readonly title: string;
  readonly way: Way;
}

const [WIDTH, EDGE, BARS, ROW, HEAD] = [860, 20, 400, 44, 44];
const COLOURS = {
  text: '#1f2328',
  dim: '#59636e',
  line: '#d1d9e0',
  need: '#8c959f',
  good: '#1a7f37',
  bad: '#cf222e',
};

const seconds = (milliseconds: number) => `${milliseconds / 1000} s`;

interface Bar {
  readonly label: string;
  readonly detail: string;
  readonly milliseconds: number;
  readonly colour: string;
}

const barOf = ({ name, limits, milliseconds, at, cuts }: Hop): Bar => ({
  label: cuts ? `${name} cuts it` : name,
  detail: `${limits} ${seconds(milliseconds)}${at ? `: ${at.file}:${at.line}` : ''}`,
  milliseconds,
  colour: cuts ? COLOURS.bad : COLOURS.good,
});

const barsOf = ({ longest, hops }: Way): Bar[] => [
  {
    label: `${longest.what} takes`,
    detail: '',
    milliseconds: longest.milliseconds,
    colour: COLOURS.need,
  },
  ...hops.map(barOf),
];

export function chainPicture(panels: readonly Panel[]): string {
  const most = Math.max(...panels.flatMap(({ way }) => barsOf(way)).map(({ milliseconds }) => milliseconds));
  const parts: string[] = [];
  let top = EDGE;
  for (const { title, way } of panels) {
    parts.push(`<text x="${EDGE}" y="${top + 18}" class="title">${written(title)}</text>`);
    const bars = barsOf(way);
    const needed = EDGE + (way.longest.milliseconds / most) * BARS;
    const bottom = top + HEAD + bars.length * ROW - 12;
    parts.push(
      `<path d="M${needed} ${top + HEAD - 8}V${bottom}" stroke="${COLOURS.need}" stroke-dasharray="4 4"/>`,
    );
    for (const [index, bar] of bars.entries())
      parts.push(drawn(bar, top + HEAD + index * ROW, (bar.milliseconds / most) * BARS));
    top = bottom + 2 * EDGE;
  }
  const height = top - EDGE / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Who gives up when on the way of a stream">
<style>text { font: 14px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: ${COLOURS.text}; } .title { font-size: 16px; font-weight: 600; } .dim { font-size: 12px; fill: ${COLOURS.dim}; } .time { fill: #ffffff; font-weight: 600; }</style>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="9" fill="#ffffff" stroke="${COLOURS.line}"/>
${parts.join('\n')}
</svg>
`;
}

function drawn({ label, detail, milliseconds, colour }: Bar, y: number, width: number): string {
  const beside = EDGE + BARS + 24;
  return [
    `<rect x="${EDGE}" y="${y}" width="${width}" height="26" rx="4" fill="${colour}"/>`,
    `<text x="${EDGE + 10}" y="${y + 18}" class="time">${seconds(milliseconds)}</text>`,
    `<text x="${beside}" y="${y + (detail === '' ? 18 : 11)}">${written(label)}</text>`,
    ...(detail === '' ? [] : [`<text x="${beside}" y="${y + 27}" class="dim">${written(detail)}</text>`]),
  ].join('\n');
}
