/** How the charts that are drawn here look. */
export const DRAWN_STYLE = `svg.drawn .grid { stroke: var(--grid); } svg.drawn .zero { stroke: var(--muted); }
svg.drawn .level { stroke: var(--muted); stroke-dasharray: 5 4; }
svg.drawn .lead { stroke: var(--grid); fill: none; }
svg.drawn .tick { fill: var(--muted); font-size: 12px; } svg.drawn .label { fill: var(--ink); font-size: 12.5px; }
`;

/** What this page adds to the report's style sheet. */
export const REPRODUCE_STYLE = `
table td:first-child small { display: inline; }
.paper { color: var(--series-2); font-style: italic; }
.sources { font-size: 0.74rem; color: var(--muted); white-space: normal; }
.sources a { color: inherit; text-decoration-color: var(--grid); text-underline-offset: 2px; }
a { color: inherit; }
tr.thinking td { border-bottom: 1px solid var(--grid); }
tr.plain td { border-bottom: none; color: var(--muted); }
tr.plain td:first-child { color: var(--ink); }
tr.group td { font-weight: 600; color: var(--muted); font-size: 0.82rem; padding-top: 1rem; }
.verdicts { display: grid; gap: 0.8rem; }
.verdict { display: grid; grid-template-columns: 8.5rem 1fr; gap: 0.2rem 1.2rem; align-items: start; }
.verdict h3 { font-size: 1rem; }
.verdict p { font-size: 0.92rem; max-width: 92ch; }
.narrow th:first-child, .narrow td:first-child { min-width: 4rem; } .narrow th, .narrow td { padding: 0.4rem 0.45rem; }
.badge { display: inline-block; border-radius: 99px; padding: 0.1rem 0.8rem; font-size: 0.85rem; font-weight: 600;
  border: 1.5px solid currentColor; text-align: center; }
.badge.holds { color: var(--good); } .badge.contradicted { color: var(--bad); }
.badge.partly { color: var(--series-2); } .badge.not-shown { color: var(--muted); }
.warning { border-left: 4px solid var(--series-2); }
${DRAWN_STYLE}nav { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; font-size: 0.88rem; margin: 1rem 0 0; }
td.overrides { white-space: normal; font: 0.76rem/1.4 ui-monospace, Menlo, Consolas, monospace; text-align: left; max-width: 30rem; }
@media (max-width: 520px) { .verdict { grid-template-columns: 1fr; } }
`;
