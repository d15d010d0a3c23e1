import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from './cli.js';

const TOKENIZER = fileURLToPath(new URL('../../assets/tokenizer', import.meta.url));

const NAMES = ['Tom', 'Ann', 'Sam', 'Eva', 'Max', 'Joe', 'Kim', 'Leo'];
const sentence = (name: string, i: number) =>
  `${name} has ${i + 2} apples and ${i + 1} pears.\nThat makes ${2 * i + 3} in all.`;

/** Instruction that the tiny model has seen. */
export const INSTRUCTION = '<|budget|>{budget}';

/** Writes a corpus of eight short texts. */
async function writeTinyCorpus(directory: string): Promise<void> {
  const lines = NAMES.map((who, i) => JSON.stringify({ text: sentence(who, i) }));
  await writeFile(join(directory, 'corpus.jsonl'), `${lines.join('\n')}\n`);
}

/**
 * Makes a folder with a corpus, and the run `base` of a tiny model pre-trained on texts in which a thought stands now
 * and then, so that it opens and closes thoughts.
 */
export async function makeTinyModel(directory: string): Promise<string> {
  await writeTinyCorpus(directory);
  const thoughts = NAMES.map((who, i) =>
    JSON.stringify({
      text: `${who} has ${i + 2}${INSTRUCTION.replace('{budget}', '4')}<think> so</think> apples`,
    }),
  );
  await writeFile(join(directory, 'thoughts.jsonl'), `${thoughts.join('\n')}\n`);
  await writeFile(
    join(directory, 'base.yaml'),
    `output: base
newModel: { tokenizer: ${JSON.stringify(TOKENIZER)}, hiddenSize: 32, layers: 1, heads: 2, maxPositions: 96 }
corpus: { files: [corpus.jsonl, thoughts.jsonl] }
steps: 60
batch: { documents: 8 }
optimiser: { learningRate: 0.02, warmupSteps: 4 }
`,
  );
  const { status, stderr } = await runCli(['pretrain', 'base.yaml'], directory);
  if (status !== 0) throw new Error(`the tiny model could not be made: ${stderr}`);
  return join(directory, 'base', 'model');
}
