/** The page's colours as variables, light and dark by the reader's setting. */
export const COLOURS = `:root {
  color-scheme: light dark;
  --paper: #fdfcfa; --card: #ffffff; --ink: #1d1f24; --muted: #6a6f7a; --grid: #e6e3dd; --heat: #e0562b;
  --good: #14804a; --bad: #b3261e;
  --series-1: #2563c9; --series-2: #c9620c; --series-3: #14804a; --series-4: #8446b8;
  --series-5: #b8264c; --series-6: #0f7f8c; --series-7: #7a6a12; --series-8: #6a6f7a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --card: #1c1f24; --ink: #e8e6e1; --muted: #9aa0ab; --grid: #31353d; --heat: #ff7a45;
    --good: #5fc48c; --bad: #ff8a80;
    --series-1: #7aa7ff; --series-2: #f0a35c; --series-3: #5fc48c; --series-4: #c39bf0;
    --series-5: #f07f9c; --series-6: #5cc9d6; --series-7: #d6c25c; --series-8: #9aa0ab;
  }
}
`;

/** The page's style sheet: nothing is loaded, light and dark follow the reader's setting, wide or narrow. */
export const STYLE = `
${COLOURS}* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.02em; margin: 0 0 0.4rem; }
h2 { font-size: 1.25rem; letter-spacing: -0.01em; margin: 3rem 0 0.75rem; }
h3 { font-size: 0.95rem; margin: 0 0 0.15rem; }
p { max-width: 68ch; margin: 0.4rem 0; }
.muted, figcaption, dt { color: var(--muted); }
.small { font-size: 0.85rem; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr)); }
.pair { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); }
.stack { display: grid; gap: 1rem; }
.medium svg { max-width: 760px; }
.card {
  background: var(--card); border: 1px solid var(--grid); border-radius: 10px; padding: 0.9rem 1rem; margin: 0; min-width: 0;
}
.card svg { display: block; width: 100%; height: auto; margin-top: 0.4rem; }
svg text { font-family: inherit; }
figcaption { font-size: 0.82rem; line-height: 1.4; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; margin: 0; font-size: 0.9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; font-size: 0.85rem; margin: 0.4rem 0 0.8rem; padding: 0; list-style: none; }
.legend i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 3px; margin-right: 0.45em; vertical-align: -0.06em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: right; padding: 0.4rem 0.7rem; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; min-width: 11rem; }
th { font-weight: 600; font-size: 0.82rem; color: var(--muted); }
td small { color: var(--muted); display: block; font-size: 0.78rem; line-height: 1.2; }
pre, .text { font: 0.84rem/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { overflow-x: auto; margin: 0.6rem 0 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.5rem 0 0; }
.heat span { border-radius: 2px; }
.scale { display: inline-block; width: 9em; height: 0.7em; border-radius: 3px; vertical-align: -0.05em; margin: 0 0.5em;
  background: linear-gradient(90deg, transparent, var(--heat)); border: 1px solid var(--grid); }
mark { background: none; color: inherit; border-bottom: 2px solid var(--series-1); padding: 0; }
.good { color: var(--good); } .bad { color: var(--bad); }
.thought { border-left: 3px solid var(--grid); padding-left: 0.8rem; margin-top: 0.7rem; }
.tag { display: inline-block; border: 1px solid var(--grid); border-radius: 99px; padding: 0 0.6em; font-size: 0.78rem; color: var(--muted); }
details { margin-top: 0.8rem; } summary { cursor: pointer; font-size: 0.9rem; color: var(--muted); }
.swatch { display: inline-block; width: 0.7em; height: 0.7em; border-radius: 99px; margin-right: 0.5em; }
@media (max-width: 520px) {
  main { padding: 1.5rem 0.9rem 3rem; } h1 { font-size: 1.5rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 0.45rem; }
}
@media print { .card { break-inside: avoid; } body { background: none; } }
`;
