/**
 * What the style sheets of all reports have in common: system fonts, light and dark, from a phone's width up. A workload
 * puts its own rules and colours behind it; the colour of notices is `--notice`.
 */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #1d2226; --soft: #68727a; --line: #e2dfd9; --card: #fff;
  --accent: #2f6f8f; --good: #1b9e77; --notice: #d95f02; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --ink: #e8ebed; --soft: #93a0a9; --line: #2b3237;
  --card: #1c2226; --accent: #6bb3d3; --good: #3bc49a; --notice: #f08a3c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .5rem; overflow-wrap: anywhere; }
p { color: var(--soft); margin: .25rem 0 .75rem; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
.notice { color: var(--ink); background: color-mix(in srgb, var(--notice) 18%, var(--card)); border-left: 4px solid var(--notice);
  padding: .6rem .9rem; border-radius: 4px; overflow-wrap: anywhere; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: .75rem; margin-top: 1.25rem; }
.numbers div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem .9rem; }
.numbers b { display: block; font-size: 1.2rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.numbers span, figcaption { color: var(--soft); font-size: .86rem; }
figure { margin: 0; } figure > svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 12px; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 500; }
.facts th, .facts td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  font-variant-numeric: tabular-nums; }
`;

/** Pictures side by side with boxes drawn over them, and their captions. */
export const PICTURE_SHEET_STYLE = `
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 1rem; }
.picture { position: relative; border-radius: 6px; overflow: hidden; background: var(--line); }
.picture img { width: 100%; display: block; } .picture svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.picture rect { fill: transparent; stroke-width: 2px; vector-effect: non-scaling-stroke; }
figcaption { display: flex; justify-content: space-between; padding: .3rem .1rem; }
`;

/** Charts, the key to their colours, and bars of shares. */
export const CHART_STYLE = `
.key { margin-right: 1rem; } .key i { display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin-right: .4em; }
figure > svg + figcaption { justify-content: flex-start; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 0 2.5rem; }
.bars th { width: 34%; padding: .15rem .6rem .15rem 0; } .bar { height: 1.05em; border-radius: 3px; min-width: 1px; }
.count { color: var(--soft); font-size: .86rem; text-align: right; width: 4rem; font-variant-numeric: tabular-nums; }
`;
