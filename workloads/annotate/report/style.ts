import { REPORT_STYLE } from '#core/report-style';

/** The style sheet of report.html. */
export const STYLE = `${REPORT_STYLE}
video { width: 100%; border-radius: 8px; background: #000; display: block; }
th i { display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin-right: .5em; }
.timeline { width: 100%; height: 160px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.timeline polyline { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
`;
