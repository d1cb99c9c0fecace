/** Every pair of text and ground has a contrast of 4.5 or more: https://www.w3.org/TR/WCAG22/#contrast-minimum */
const LIGHT =
  '--ground:#ffffff;--card:#f4f6f8;--text:#1a1f24;--quiet:#4b5660;--line:#c9d1d9;--pass:#116329;--fail:#b3141e;--error:#8a2ba8;--inconclusive:#7a5200;--skip:#57606a;--plot:#0b5cad';
const DARK =
  '--ground:#0f1419;--card:#1a2129;--text:#e8edf2;--quiet:#aab4be;--line:#3b4652;--pass:#5bd67f;--fail:#ff8f88;--error:#dba6f0;--inconclusive:#eac155;--skip:#a7b1bb;--plot:#79b8ff';

const STATUSES = ['pass', 'fail', 'error', 'inconclusive', 'skip']
  .map(status => `.${status}{--status:var(--${status})}`)
  .join('\n');

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
${STATUSES}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:64rem;margin:0 auto;padding:1rem}
header{border-bottom:4px solid var(--status)}
header p{margin:.25rem 0}
.verdict{color:var(--status);font-size:2rem;font-weight:700;line-height:1.2}
h1{font-size:1.4rem;margin:.25rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0 0 .5rem}
p{margin:.5rem 0}
footer,figcaption,.axis,dt,.none{color:var(--quiet)}
figure{margin:0}
svg{display:block;width:100%;height:10rem;border-bottom:1px solid var(--line)}
.axis{display:flex;justify-content:space-between;margin:0;font-size:.85rem}
.card{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--status,var(--line));border-radius:6px;padding:.75rem 1rem;margin:0 0 1rem}
.badge{color:var(--status,inherit);font-weight:700}
.tiles,.rows,.rows ul{list-style:none;padding:0;margin:0}
.tiles{display:flex;flex-wrap:wrap;gap:.5rem}
.tiles li{flex:1 1 7.5rem;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.5rem .75rem;color:var(--status,var(--quiet))}
.tiles strong{display:block;font-size:1.5rem;line-height:1.2}
.rows li{padding:.25rem 0}
.rows ul{padding-left:1.25rem;color:var(--quiet);font-size:.9rem}
.rows ul li{padding:0}
dl{margin:0}
dl div{display:flex;flex-wrap:wrap;gap:0 .75rem;margin:.25rem 0}
dt{flex:0 0 5.5rem}
dd{flex:1 1 12rem;margin:0;white-space:pre-wrap}
.numbers{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.25rem 1rem;margin-top:.75rem}
.numbers div{display:block}
.numbers dd{font-weight:600}
.timeline details{border-top:1px solid var(--line)}
.timeline details p{margin:.25rem 0 .5rem 1rem}
summary{display:grid;grid-template-columns:minmax(0,1fr) 4.5rem;gap:.25rem .75rem;padding:.5rem 0;cursor:pointer;align-items:center}
summary:focus-visible{outline:2px solid var(--plot)}
.track{grid-column:1/-1;display:block;background:var(--card);border-radius:3px;overflow:hidden}
.track .bar{display:block;height:.6rem;min-width:3px;background:var(--status);border-radius:3px}
.time{text-align:right;font-variant-numeric:tabular-nums;color:var(--quiet)}
.who::before{content:'\\25b8\\a0'}details[open] .who::before{content:'\\25be\\a0'}
.who{grid-row:1}.time{grid-row:1}
@media (min-width:48rem){summary{grid-template-columns:minmax(0,2fr) 3fr 5rem}.track{grid-column:2;grid-row:1}}
rect.bar{fill:var(--plot)}
line{vector-effect:non-scaling-stroke;stroke-width:2}
line.p50{stroke:var(--text)}line.p95{stroke:var(--inconclusive);stroke-dasharray:6 3}line.objective{stroke:var(--fail);stroke-dasharray:2 3}
.key{font-weight:700}.key.p50{color:var(--text)}.key.p95{color:var(--inconclusive)}.key.objective{color:var(--fail)}
line.arrival{stroke:var(--quiet);stroke-width:1}
.steps{fill:none;stroke:var(--plot);stroke-width:2;vector-effect:non-scaling-stroke}
.chain{padding-left:1.5rem}
@media print{details{break-inside:avoid}}
`;
