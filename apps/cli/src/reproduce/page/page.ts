import { duration } from '../../progress/progress.js';
import { html, trusted } from '../../report/html.js';
import { STYLE } from '../../report/style.js';
import type { Results } from '../results/results.js';
import { short } from './figures.js';
import { curvesSection } from './sections/curves.js';
import { ablationsSection, differencesSection } from './sections/differences.js';
import { learningRatesSection } from './sections/learning-rates.js';
import { costSection, frontierSection, methodsSection } from './sections/methods.js';
import { postTrainingSection } from './sections/post-training.js';
import { howSection, runsSection } from './sections/runs.js';
import { sensitivitySection } from './sections/sensitivity.js';
import { thoughtsSection } from './sections/thoughts.js';
import { truthSection } from './sections/truth.js';
import { verdictsSection } from './sections/verdicts.js';
import { REPRODUCE_STYLE } from './style.js';

/** The page of a comparison: all of it from `results.json`, nothing is loaded and nothing runs in it. */
export function reproducePage(results: Results): string {
  const { study, quick, seeds, methods, runs, positions, seconds, parameters } = results;
  const links: readonly (readonly [string, string, boolean])[] = [
    ['claims', 'claims', true],
    ['methods', 'methods', true],
    ['frontier', 'length against accuracy', true],
    ['components', 'components', true],
    ['truth', 'by steps', results.truth.length > 0],
    ['post-training', 'post-training', results.postTraining.length > 0],
    ['differences', 'differences', true],
    ['sensitivity', 'sensitivity', results.sensitivity.length > 0],
    ['curves', 'over the steps', true],
    ['cost', 'cost', true],
    ['rates', 'learning rates', true],
    ['thoughts', 'thoughts', true],
    ['how', 'how it was done', true],
    ['runs', 'all runs', true],
  ];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Reinforcement mid-training, compared: ${study.title} – midtrain</title>
<style>${trusted(STYLE)}${trusted(REPRODUCE_STYLE)}</style>
</head>
<body><main>
<h1>Reinforcement mid-training, compared: ${study.title}</h1>
<p class="muted">${methods.length} methods from the same bases of ${short(parameters)} parameters, ${seeds.length} seed${seeds.length > 1 && 's'}, ${positions} held-out positions; ${runs.length} runs, ${duration(seconds)} of computing. After arXiv 2509.24375.</p>
<p>${study.description}</p>
${quick && html`<p class="card warning">A quick run: it shows that the whole path works. It is too short, on too few seeds and positions, to say anything about the methods.</p>`}
<nav>${links.map(([id, text, there]) => there && html`<a href="#${id}">${text}</a>`)}</nav>
${verdictsSection(results)}
${methodsSection(results)}
${frontierSection(results)}
${ablationsSection(results)}
${truthSection(results)}
${postTrainingSection(results)}
${differencesSection(results)}
${sensitivitySection(results)}
${curvesSection(results)}
${costSection(results)}
${learningRatesSection(results)}
${thoughtsSection(results)}
${howSection(results)}
${runsSection(results)}
<p class="small muted">Every number stands in <a href="results.json">results.json</a> with the folders that it comes from; small figures below a name are its seeds and lead to their runs.</p>
</main></body></html>
`;
  return page.html;
}
