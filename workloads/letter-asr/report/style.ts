import { REPORT_STYLE } from '#core/report-style';

/** The style sheet of report.html. */
export const STYLE = `${REPORT_STYLE}
:root { --right: #14795a; --wrong: #b34700; --gone: #6b5aa8; }
@media (prefers-color-scheme: dark) { :root { --right: #3bc49a; --wrong: #f08a3c; --gone: #a99be0; } }
h3 { font-size: .95rem; margin: 1.25rem 0 .35rem; } h3 span { color: var(--soft); }
h1.excellent, h1.success { color: var(--right); } h1.issues, h1.failed { color: var(--wrong); } .note { font-size: .86rem; }
figure { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .4rem; } svg text { font-size: 13px; }
path.wave { fill: var(--accent); } rect.correct { fill: var(--right); opacity: .22; } rect.wrong { fill: var(--wrong); opacity: .3; }
svg text.correct { fill: var(--right); } svg text.wrong { fill: var(--wrong); } svg text.extra { font-style: italic; }
article table { margin-top: .4rem; }
td.correct { color: var(--right); } td.wrong { color: var(--wrong); } td.missing { color: var(--gone); }
`;
