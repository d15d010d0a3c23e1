import { html, trusted } from './html.js';
import type { RunData } from './run-data.js';
import { accuracySection } from './sections/accuracy.js';
import { curvesSection } from './sections/curves.js';
import { heatMapSection } from './sections/heat-map.js';
import { overviewSection } from './sections/overview.js';
import { questionsSection } from './sections/questions.js';
import { thoughtsSection } from './sections/thoughts.js';
import { STYLE } from './style.js';

/** A whole page on one or several runs: nothing is loaded and nothing runs in it. */
export function reportPage(runs: readonly RunData[]): string {
  const several = runs.length > 1;
  const title = runs.map(({ name }) => name).join(' · ');
  const notes = runs.flatMap(({ evaluation }) => evaluation?.notes ?? []);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} – midtrain</title>
<style>${trusted(STYLE)}</style>
</head>
<body><main>
<h1>${title}</h1>
<p class="muted">${several ? 'Runs' : 'A run'} of midtrain: reinforcement mid-training${several && ', compared'}.</p>
${notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${accuracySection(runs)}
${runs.map((run) => questionsSection(run, several))}
${curvesSection(runs)}
${runs.map(heatMapSection)}
${runs.map((run) => thoughtsSection(run, several))}
${overviewSection(runs)}
</main></body></html>
`;
  return page.html;
}
