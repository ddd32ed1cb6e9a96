import { CHART_STYLE, PICTURE_SHEET_STYLE, REPORT_STYLE } from '#core/report-style';

/** The style sheet of report.html. */
export const STYLE = `${REPORT_STYLE}${PICTURE_SHEET_STYLE}${CHART_STYLE}
:root { --kept: var(--good); --duplicate: #a9b4bc; --blurry: var(--notice); }
@media (prefers-color-scheme: dark) { :root { --duplicate: #4c5860; } }
.kept { fill: var(--kept); } .duplicate { fill: var(--duplicate); } .blurry { fill: var(--blurry); }
i.kept { background: var(--kept); } i.duplicate { background: var(--duplicate); } i.blurry { background: var(--blurry); }
td.passed { color: var(--good); fill: none; white-space: nowrap; } td.error, td.warning { color: var(--notice); white-space: nowrap; }
`;
