/** The report's style sheet: system fonts, light and dark, from a phone's width up. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #1d2226; --soft: #68727a; --line: #e2dfd9; --card: #fff;
  --accent: #2f6f8f; --kept: #1b9e77; --duplicate: #a9b4bc; --blurry: #d95f02; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --ink: #e8ebed; --soft: #93a0a9; --line: #2b3237;
  --card: #1c2226; --accent: #6bb3d3; --kept: #3bc49a; --duplicate: #4c5860; --blurry: #f08a3c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .5rem; }
p { color: var(--soft); margin: .25rem 0 .75rem; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
.notice { color: var(--ink); background: color-mix(in srgb, var(--blurry) 18%, var(--card)); border-left: 4px solid var(--blurry);
  padding: .6rem .9rem; border-radius: 4px; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: .75rem; margin-top: 1.25rem; }
.numbers div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem .9rem; }
.numbers b { display: block; font-size: 1.3rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.numbers span, figcaption, .count { color: var(--soft); font-size: .86rem; }
figure { margin: 0; } figure > svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 12px; }
.found { color: var(--blurry); } .clean { color: var(--kept); } header p { margin: 0; } header .notice { margin-top: .6rem; }
polyline { fill: none; stroke: var(--accent); stroke-width: 2; } line.limit { stroke: var(--soft); stroke-dasharray: 4 4; }
line.cut { stroke: var(--ink); stroke-width: 2; } line.evidence { stroke: var(--blurry); stroke-width: 5; opacity: .35; }
rect.text { fill: var(--duplicate); } rect.changed { fill: var(--blurry); }
i.line { background: var(--accent); } i.limit, i.text { background: var(--duplicate); } i.cut { background: var(--ink); }
i.evidence, i.changed { background: var(--blurry); } .note { font-size: .86rem; margin: 0; }
.key { margin-right: 1rem; } .key i { display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin-right: .4em; }
i.kept { background: var(--kept); } i.duplicate { background: var(--duplicate); } i.blurry { background: var(--blurry); }
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 1rem; }
.picture { position: relative; border-radius: 6px; overflow: hidden; background: var(--line); }
.picture img { width: 100%; display: block; } .picture svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.picture rect { fill: transparent; stroke: var(--blurry); stroke-width: 3px; vector-effect: non-scaling-stroke; }
figcaption { display: flex; justify-content: space-between; padding: .3rem .1rem; }
figure > svg + figcaption { justify-content: flex-start; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 0 2.5rem; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 500; }
.bars th { width: 34%; padding: .15rem .6rem .15rem 0; } .bar { background: var(--accent); height: 1.05em; border-radius: 3px; min-width: 1px; }
.count { text-align: right; width: 4rem; font-variant-numeric: tabular-nums; }
.facts th, .facts td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.passed { color: var(--kept); fill: none; white-space: nowrap; } td.error, td.warning { color: var(--blurry); white-space: nowrap; }
`;
