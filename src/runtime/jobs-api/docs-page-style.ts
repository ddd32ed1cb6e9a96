/** How the page of the API looks: one column to read, one to find; light or dark as the reader's machine is. */
export const STYLE = `
:root {
  --paper: #fdfcfa; --ink: #22252a; --faint: #6a7079; --line: #e2e0da; --panel: #f4f2ed; --link: #0b5cad;
  --get: #1d6f42; --post: #8a4b08; --delete: #a4262c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --ink: #dfe2e6; --faint: #949ba5; --line: #30343b; --panel: #1e2126; --link: #7db7f0;
    --get: #74c69d; --post: #e9b872; --delete: #f28b82;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; display: grid; grid-template-columns: 20rem minmax(0, 1fr);
  background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif;
}
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre, nav li, .schema th { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.86em; }
nav {
  position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.2rem 1rem 3rem 1.4rem;
  background: var(--panel); border-right: 1px solid var(--line);
}
nav .brand { margin: 0; font-weight: 650; font-size: 1.1rem; }
nav .brand a, nav h2 a { color: inherit; }
nav h2 { margin: 1.2rem 0 0.2rem; font-size: 0.8rem; color: var(--faint); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li a { display: block; padding: 0.1rem 0; color: var(--ink); overflow-wrap: anywhere; }
nav li b { display: inline-block; min-width: 3.6em; font-size: 0.85em; }
.get { color: var(--get); } .post { color: var(--post); } .delete { color: var(--delete); }
main { padding: 2rem 2.5rem 6rem; max-width: 62rem; }
h1 { margin: 0 0 0.5rem; font-size: 2rem; }
h1 small { font-size: 0.9rem; font-weight: 400; color: var(--faint); }
main > section > h2 { margin: 3rem 0 0.3rem; font-size: 1.4rem; }
article { margin: 1.4rem 0; padding: 1.1rem 1.3rem; border: 1px solid var(--line); border-radius: 8px; }
article:target { border-color: var(--link); }
article h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
article h3 code { font-size: 1em; }
article h4 { margin: 1.2rem 0 0.3rem; font-size: 0.8rem; color: var(--faint); }
.summary { margin: 0.4rem 0 0; }
.problems { margin: 1.2rem 0 0; color: var(--faint); font-size: 0.9rem; }
.type { margin: 0.2rem 0; color: var(--faint); font-size: 0.9rem; }
mark { padding: 0.1rem 0.5rem; border-radius: 1rem; background: var(--panel); color: var(--faint); font-size: 0.75rem; font-weight: 400; }
table { width: 100%; border-collapse: collapse; font-size: 0.92rem; }
th, td { padding: 0.3rem 0.6rem 0.3rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
tr:target th { color: var(--link); }
.schema th { width: 30%; font-weight: 500; }
.schema td:nth-child(2) { width: 26%; color: var(--faint); }
.schema th b { color: var(--delete); }
.depth-1 { padding-left: 1.3rem; } .depth-2 { padding-left: 2.6rem; } .depth-3 { padding-left: 3.9rem; } .depth-4 { padding-left: 5.2rem; }
details { margin-top: 0.6rem; }
details summary { color: var(--link); font-size: 0.9rem; cursor: pointer; }
pre { margin: 0.4rem 0 0; padding: 0.8rem 1rem; overflow-x: auto; border-radius: 6px; background: var(--panel); }
@media (max-width: 56rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1.2rem 1rem 4rem; }
  article { padding: 0.9rem; }
}
`;
