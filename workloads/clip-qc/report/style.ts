import { CHART_STYLE, PICTURE_SHEET_STYLE, REPORT_STYLE } from '#core/report-style';

/** The style sheet of report.html. */
export const STYLE = `${REPORT_STYLE}${PICTURE_SHEET_STYLE}${CHART_STYLE}
:root { --text: #a9b4bc; } @media (prefers-color-scheme: dark) { :root { --text: #4c5860; } }
.found { color: var(--notice); } .clean { color: var(--good); } header p { margin: 0; } header .notice { margin-top: .6rem; }
polyline { fill: none; stroke: var(--accent); stroke-width: 2; } line.limit { stroke: var(--soft); stroke-dasharray: 4 4; }
line.cut { stroke: var(--ink); stroke-width: 2; } line.evidence { stroke: var(--notice); stroke-width: 5; opacity: .35; }
rect.text { fill: var(--text); } rect.changed { fill: var(--notice); }
i.line { background: var(--accent); } i.limit, i.text { background: var(--text); } i.cut { background: var(--ink); }
i.evidence, i.changed { background: var(--notice); } .note { font-size: .86rem; margin: 0; }
.picture rect { stroke: var(--notice); stroke-width: 3px; } .bar { background: var(--accent); }
`;
