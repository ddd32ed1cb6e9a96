/** The report's style sheet: system fonts, light and dark, from a phone's width up. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #1d2226; --soft: #68727a; --line: #e2dfd9; --card: #fff;
  --wave: #2f6f8f; --right: #14795a; --wrong: #b34700; --gone: #6b5aa8; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --ink: #e8ebed; --soft: #93a0a9; --line: #2b3237;
  --card: #1c2226; --wave: #6bb3d3; --right: #3bc49a; --wrong: #f08a3c; --gone: #a99be0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.05rem; margin: 2.25rem 0 .25rem; overflow-wrap: anywhere; }
h3 { font-size: .95rem; margin: 1.25rem 0 .35rem; } h3 span, p { color: var(--soft); } p { margin: .25rem 0 .6rem; }
h1.excellent, h1.success { color: var(--right); } h1.issues, h1.failed { color: var(--wrong); }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; } .note { font-size: .86rem; }
.notice { color: var(--ink); background: color-mix(in srgb, var(--wrong) 16%, var(--card)); border-left: 4px solid var(--wrong);
  padding: .5rem .9rem; border-radius: 4px; overflow-wrap: anywhere; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: .75rem; margin-top: 1.25rem; }
.numbers div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem .9rem; }
.numbers b { display: block; font-size: 1.3rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.numbers span { color: var(--soft); font-size: .86rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .4rem; }
figure svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 13px; }
path.wave { fill: var(--wave); } rect.correct { fill: var(--right); opacity: .22; } rect.wrong { fill: var(--wrong); opacity: .3; }
svg text.correct { fill: var(--right); } svg text.wrong { fill: var(--wrong); } svg text.extra { font-style: italic; }
table { border-collapse: collapse; width: 100%; margin-top: .4rem; } th { text-align: left; font-weight: 500; }
.facts th, .facts td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-variant-numeric: tabular-nums; }
td.correct { color: var(--right); } td.wrong { color: var(--wrong); } td.missing { color: var(--gone); }
`;
