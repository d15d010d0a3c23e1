import { KNOWN_PATTERNS } from './known-patterns.js';
import { TokenizerError } from './tokenizer-error.js';
import type { TokenizerJson } from './tokenizer-json.js';

/** A step of `tokenizer.json`: of its normaliser, pre-tokenizer, post-processor or decoder. */
interface StepJson {
  readonly type: string;
  readonly [setting: string]: unknown;
}

/** Bounds of ours, above every published tokenizer's. */
const MAX_STEPS = 64;
const MAX_DEPTH = 8;
const MAX_PATTERN_CHARACTERS = 4096;
const MAX_TEXT_CHARACTERS = 64;

/** The kinds of steps that Llama and Qwen models use, by where they stand, and the field of a sequence's own steps. */
const ROLES = {
  normalizer: {
    inner: 'normalizers',
    kinds: [
      'Sequence',
      'NFC',
      'NFD',
      'NFKC',
      'NFKD',
      'Lowercase',
      'Strip',
      'StripAccents',
      'Prepend',
      'Replace',
    ],
  },
  pre_tokenizer: {
    inner: 'pretokenizers',
    kinds: [
      'Sequence',
      'ByteLevel',
      'Split',
      'Digits',
      'Metaspace',
      'Punctuation',
      'Whitespace',
      'WhitespaceSplit',
    ],
  },
  post_processor: {
    inner: 'processors',
    kinds: ['Sequence', 'ByteLevel', 'TemplateProcessing', 'BertProcessing', 'RobertaProcessing'],
  },
  decoder: {
    inner: 'decoders',
    kinds: ['Sequence', 'ByteLevel', 'ByteFallback', 'Fuse', 'Strip', 'Replace', 'Metaspace', 'BPEDecoder'],
  },
} as const;

type Role = keyof typeof ROLES;

/** What a tokenizer's steps were found to be. */
export interface CheckedSteps {
  /** Whether text passes through patterns or replacements that are not known to be harmless. */
  readonly untrusted: boolean;
  /** Whether it works on bytes, as GPT-2 does. */
  readonly byteLevel: boolean;
}

function isStep(value: unknown): value is StepJson {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

/** All steps of a role, those inside of sequences too. */
function* stepsOf(file: string, role: Role, step: unknown, depth = 0): Generator<StepJson> {
  const { inner, kinds } = ROLES[role];
  if (!isStep(step)) throw new TokenizerError(`${file}: ${role}: has a step without a type, expected one`);
  if (!(kinds as readonly string[]).includes(step.type)) {
    throw new TokenizerError(
      `${file}: ${role}: is of type ${step.type}, expected one of ${kinds.join(', ')}`,
    );
  }
  yield step;
  if (step.type !== 'Sequence') return;
  const children = step[inner];
  if (depth >= MAX_DEPTH || !Array.isArray(children) || children.length > MAX_STEPS) {
    throw new TokenizerError(
      `${file}: ${role}.${inner}: expected a list of at most ${MAX_STEPS} steps, in sequences at most ${MAX_DEPTH} deep`,
    );
  }
  for (const child of children) yield* stepsOf(file, role, child, depth + 1);
}

function checkText(
  file: string,
  role: Role,
  step: StepJson,
  name: string,
  text: unknown,
  most: number,
): void {
  if (text === undefined || (typeof text === 'string' && text.length <= most)) return;
  throw new TokenizerError(
    `${file}: ${role}: ${step.type}.${name}: expected a text of at most ${most} characters`,
  );
}

/** Whether a step changes or splits text in a way that could take long or make the text grow. */
function checkSettings(file: string, role: Role, step: StepJson): boolean {
  const pattern = (step.pattern ?? {}) as { readonly Regex?: unknown; readonly String?: unknown };
  checkText(file, role, step, 'pattern.Regex', pattern.Regex, MAX_PATTERN_CHARACTERS);
  checkText(file, role, step, 'pattern.String', pattern.String, MAX_TEXT_CHARACTERS);
  if (
    ['Split', 'Replace'].includes(step.type) &&
    pattern.Regex === undefined &&
    pattern.String === undefined
  ) {
    throw new TokenizerError(`${file}: ${role}: ${step.type}.pattern: expected a String or a Regex`);
  }
  for (const name of ['content', 'prepend', 'replacement'] as const) {
    checkText(file, role, step, name, step[name], MAX_TEXT_CHARACTERS);
  }
  if (typeof pattern.Regex === 'string') return !KNOWN_PATTERNS.has(pattern.Regex) || step.type === 'Replace';
  return (
    step.type === 'Replace' &&
    String(step.content ?? '').length > Math.max(1, String(pattern.String ?? '').length)
  );
}

/**
 * Checks the steps of a tokenizer: their kinds, how many there are and how deep, the lengths of patterns and texts. The
 * file may come from anyone, and a step is a small program over every text.
 *
 * @throws TokenizerError for steps of another kind, or beyond the bounds
 */
export function checkSteps(file: string, json: TokenizerJson): CheckedSteps {
  let steps = 0;
  let untrusted = false;
  let byteLevel = false;
  for (const role of Object.keys(ROLES) as Role[]) {
    const top = json[role];
    if (top === undefined || top === null) continue;
    for (const step of stepsOf(file, role, top)) {
      if (++steps > MAX_STEPS) throw new TokenizerError(`${file}: has more than ${MAX_STEPS} steps`);
      untrusted = checkSettings(file, role, step) || untrusted;
      byteLevel ||= step.type === 'ByteLevel' && (role === 'pre_tokenizer' || role === 'decoder');
    }
  }
  return { untrusted, byteLevel };
}
