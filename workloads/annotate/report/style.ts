/** The report's style sheet: system fonts, light and dark, from a phone's width up. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #1d2226; --soft: #68727a; --line: #e2dfd9; --card: #fff; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --ink: #e8ebed; --soft: #93a0a9; --line: #2b3237; --card: #1c2226; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .5rem; }
p { color: var(--soft); margin: .25rem 0 .75rem; }
video { width: 100%; border-radius: 8px; background: #000; display: block; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
.notice { color: var(--ink); border-left: 4px solid #d95f02; background: var(--card); padding: .6rem .9rem; border-radius: 4px; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: .75rem; margin-top: 1.25rem; }
.numbers div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem .9rem; }
.numbers b { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
.numbers span { color: var(--soft); font-size: .86rem; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 500; }
.facts th, .facts td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
i { display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin-right: .5em; }
.timeline { width: 100%; height: 160px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.timeline polyline { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
`;
