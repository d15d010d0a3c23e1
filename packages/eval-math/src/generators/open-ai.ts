import { setTimeout as wait } from 'node:timers/promises';
import { EvalMathError } from '../errors.js';
import type { Generate } from '../evaluate/evaluate.js';

/** Where and how an OpenAI-compatible server (vLLM, SGLang, llama.cpp, …) is asked; fields without "Default" are required. */
export interface OpenAiOptions {
  /** Up to and without `/chat/completions`, such as `http://127.0.0.1:8000/v1`. */
  baseUrl: string;
  model: string;
  /** Sent as a bearer token. Default: none. */
  apiKey?: string;
  /** Default: none. */
  systemPrompt?: string;
  /** Default: 0.6, as DeepSeek-R1's evaluation (arXiv 2501.12948). */
  temperature?: number;
  /** Default: 0.95. */
  topP?: number;
  /** Default: 4096. */
  maxNewTokens?: number;
  /** The sample's number is added. Default: 0. */
  seed?: number;
  /** Further attempts after a failure that may pass: no connection, time-out, 408, 409, 429, 5xx. Default: 3. */
  retries?: number;
  /** First pause between attempts in milliseconds; each next one is twice as long. Default: 500. */
  retryDelay?: number;
  /** Milliseconds an attempt may take. Default: 600000. */
  timeout?: number;
}

const DEFAULTS = {
  temperature: 0.6,
  topP: 0.95,
  maxNewTokens: 4_096,
  seed: 0,
  retries: 3,
  retryDelay: 500,
  timeout: 600_000,
} as const;
const LONGEST_PAUSE = 60_000;
const PASSING = new Set([408, 409, 429]);

interface Attempt {
  readonly text?: string;
  readonly problem?: string;
  readonly mayPass?: boolean;
  readonly pause?: number;
}

/**
 * A generator that asks an OpenAI-compatible server. Throws `INVALID_OPTION` at once on bad options; a call rejects with
 * `GENERATION_FAILED`, naming the address and the server's answer, or with the signal's reason.
 */
export function openAiGenerator(options: OpenAiOptions): Generate {
  const full = { ...DEFAULTS, ...options };
  checkOptions(full);
  const address = `${full.baseUrl.replace(/(?<!\/)\/+$/, '')}/chat/completions`;
  return async ({ prompt, sample, signal }) => {
    const body = JSON.stringify({
      model: full.model,
      messages: [
        ...(full.systemPrompt ? [{ role: 'system', content: full.systemPrompt }] : []),
        { role: 'user', content: prompt },
      ],
      temperature: full.temperature,
      top_p: full.topP,
      max_tokens: full.maxNewTokens,
      seed: full.seed + sample,
    });
    for (let attempt = 0; ; attempt += 1) {
      const result = await tryOnce(address, body, full.apiKey, full.timeout, signal);
      if (result.text !== undefined) return result.text;
      if (!result.mayPass || attempt >= full.retries)
        throw new EvalMathError('GENERATION_FAILED', `${address}: ${result.problem}`);
      await pauseFor(Math.min(result.pause ?? full.retryDelay * 2 ** attempt, LONGEST_PAUSE), signal);
    }
  };
}

async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}

/** Fields that are numbers, with what they must be. */
const NUMBERS: ReadonlyArray<readonly [keyof typeof DEFAULTS, string, (value: number) => boolean]> = [
  ['retries', 'a whole number of at least 0', (value) => Number.isInteger(value) && value >= 0],
  ['retryDelay', 'a number of at least 0', (value) => value >= 0 && Number.isFinite(value)],
  ['timeout', 'a whole number of at least 1', (value) => Number.isInteger(value) && value >= 1],
  ['maxNewTokens', 'a whole number of at least 1', (value) => Number.isInteger(value) && value >= 1],
  ['seed', 'a whole number', Number.isInteger],
  ['temperature', 'a number of at least 0', (value) => value >= 0 && Number.isFinite(value)],
  ['topP', 'a number above 0 and at most 1', (value) => value > 0 && value <= 1],
];

function checkOptions(full: OpenAiOptions & { [field in keyof typeof DEFAULTS]: number }): void {
  if (!/^https?:\/\/\S+$/.test(full.baseUrl ?? ''))
    throw new EvalMathError(
      'INVALID_OPTION',
      `baseUrl must begin with http:// or https://, not ${String(full.baseUrl)}`,
    );
  if (typeof full.model !== 'string' || full.model === '')
    throw new EvalMathError('INVALID_OPTION', 'model must be the name the server knows the model by');
  for (const [field, expected, holds] of NUMBERS) {
    if (!holds(full[field]))
      throw new EvalMathError('INVALID_OPTION', `${field} must be ${expected}, not ${String(full[field])}`);
  }
}

async function tryOnce(
  address: string,
  body: string,
  apiKey: string | undefined,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const limit = AbortSignal.timeout(timeout);
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
      },
      body,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) return { problem: `no answer within ${timeout} ms`, mayPass: true };
    return { problem: `no connection (${causeOf(error)})`, mayPass: true };
  }
  if (!response.ok) {
    const mayPass = response.status >= 500 || PASSING.has(response.status);
    return {
      problem: `status ${response.status}: ${text.slice(0, 200)}`,
      mayPass,
      pause: pauseAsked(response),
    };
  }
  return readAnswer(text);
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Milliseconds that a `Retry-After` header asks for. */
function pauseAsked(response: Response): number | undefined {
  const header = response.headers.get('retry-after');
  const seconds = header === null ? Number.NaN : Number(header);
  return seconds >= 0 ? seconds * 1000 : undefined;
}

function readAnswer(text: string): Attempt {
  const unexpected = (): Attempt => ({
    problem: `expected choices[0].message.content, not ${text.slice(0, 200)}`,
    mayPass: false,
  });
  let parsed: { choices?: Array<{ message?: { content?: unknown; reasoning_content?: unknown } }> } | null;
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    return unexpected();
  }
  const message = parsed?.choices?.[0]?.message;
  if (typeof message?.content !== 'string') return unexpected();
  const thoughts =
    typeof message.reasoning_content === 'string' ? `<think>${message.reasoning_content}</think>` : '';
  return { text: thoughts + message.content };
}
