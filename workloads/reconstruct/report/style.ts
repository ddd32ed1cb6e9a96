/** The look of report.html, in light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d2127, #e8eaed); --soft: light-dark(#5b636e, #a2abb8);
  --page: light-dark(#fff, #14171b); --line: light-dark(#dde1e6, #2c323a); --good: light-dark(#1a7f37, #4ac26b);
  --warn: light-dark(#9a6700, #d4a72c); }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 64px }
h1 { margin: 0 0 8px; font-size: 28px } h2 { margin: 36px 0 8px; font-size: 19px }
p { margin: 4px 0 } code { font-size: 14px; overflow-wrap: anywhere }
.notice { padding: 8px 12px; border-left: 4px solid var(--warn); background: color-mix(in srgb, var(--warn) 10%, transparent) }
canvas { display: block; width: 100%; aspect-ratio: 16 / 10; background: #16191e; touch-action: none; border-radius: 6px; cursor: grab }
canvas:focus-visible { outline: 3px solid var(--warn); outline-offset: 2px }
#shown { border: 0; margin: 8px 0; padding: 0; display: flex; gap: 16px; flex-wrap: wrap }
.hint, #viewer-status { color: var(--soft); font-size: 14px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 15px }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.pass { color: var(--good); font-weight: 600 } .warn { color: var(--warn); font-weight: 600 }
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 8px }
figure { margin: 0 } figure img { width: 100%; display: block; border-radius: 4px } figcaption { font-size: 12px; color: var(--soft) }
.lost img { opacity: .45 }
`;
