import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '../benchmarks/problem.js';
import { evaluate, type GenerateRequest } from '../evaluate/evaluate.js';
import { openAiGenerator } from './open-ai.js';

interface Asked {
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}
type Answer = (response: ServerResponse, attempt: number) => void;

const closers: Array<() => Promise<void>> = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

/** A server on this machine that answers each request by `answer`, and what it was asked. */
async function serve(answer: Answer): Promise<{ baseUrl: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    asked.push({ url: request.url, headers: request.headers, body: JSON.parse(text) });
    answer(response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

const json = (response: ServerResponse, value: unknown, status = 200, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
};
const says =
  (content: string, more = {}): Answer =>
  (response) =>
    json(response, { choices: [{ message: { role: 'assistant', content, ...more } }] });

const problem: Problem = { id: 'p', question: 'q', gold: '42', subject: null, level: null, gradeOptions: {} };
const request = (changes: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: 'What is 6 × 7?',
  problem,
  sample: 0,
  signal: undefined,
  ...changes,
});

describe('openAiGenerator', () => {
  it('asks for a chat completion and gives its text', async () => {
    const { baseUrl, asked } = await serve(says('It is \\boxed{42}.'));
    const generate = openAiGenerator({
      baseUrl: `${baseUrl}/`,
      model: 'm',
      apiKey: 'k',
      systemPrompt: 'Be brief.',
      seed: 5,
    });
    expect(await generate(request({ sample: 2 }))).toBe('It is \\boxed{42}.');
    expect(asked[0].url).toBe('/v1/chat/completions');
    expect(asked[0].headers.authorization).toBe('Bearer k');
    expect(asked[0].body).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is 6 × 7?' },
      ],
      temperature: 0.6,
      top_p: 0.95,
      max_tokens: 4096,
      seed: 7,
    });
  });

  it('sends no token and no system prompt unless given', async () => {
    const { baseUrl, asked } = await serve(says('1'));
    await openAiGenerator({ baseUrl, model: 'm' })(request());
    expect(asked[0].headers.authorization).toBeUndefined();
    expect(asked[0].body.messages).toHaveLength(1);
  });

  it('puts thoughts that come apart before the answer', async () => {
    const { baseUrl } = await serve(says('\\boxed{42}', { reasoning_content: '6 × 7 = 41? No.' }));
    expect(await openAiGenerator({ baseUrl, model: 'm' })(request())).toBe(
      '<think>6 × 7 = 41? No.</think>\\boxed{42}',
    );
  });

  it.each([408, 409, 429, 500, 503])('tries again after status %d', async (status) => {
    const { baseUrl, asked } = await serve((response, attempt) =>
      attempt < 3 ? json(response, { error: 'busy' }, status) : says('42')(response, attempt),
    );
    expect(await openAiGenerator({ baseUrl, model: 'm', retryDelay: 1 })(request())).toBe('42');
    expect(asked).toHaveLength(3);
  });

  it('waits as long as Retry-After says', async () => {
    const { baseUrl, asked } = await serve((response, attempt) =>
      attempt === 1 ? json(response, {}, 429, { 'retry-after': '0' }) : says('42')(response, attempt),
    );
    // Were the header not read, the pause would outlast the test.
    expect(await openAiGenerator({ baseUrl, model: 'm', retryDelay: 50_000 })(request())).toBe('42');
    expect(asked).toHaveLength(2);
  });

  it('tries again after a dropped connection', async () => {
    const { baseUrl } = await serve((response, attempt) =>
      attempt === 1 ? response.destroy() : says('42')(response, attempt),
    );
    expect(await openAiGenerator({ baseUrl, model: 'm', retryDelay: 1 })(request())).toBe('42');
  });

  it('gives up after the retries, naming the address and the answer', async () => {
    const { baseUrl, asked } = await serve((response) => json(response, { error: 'overloaded' }, 503));
    await expect(
      openAiGenerator({ baseUrl, model: 'm', retries: 2, retryDelay: 1 })(request()),
    ).rejects.toMatchObject({
      code: 'GENERATION_FAILED',
      message: `${baseUrl}/chat/completions: status 503: {"error":"overloaded"}`,
    });
    expect(asked).toHaveLength(3);
  });

  it.each([400, 401, 404])('does not try status %d again', async (status) => {
    const { baseUrl, asked } = await serve((response) => json(response, { error: 'no' }, status));
    await expect(openAiGenerator({ baseUrl, model: 'm', retryDelay: 1 })(request())).rejects.toMatchObject({
      code: 'GENERATION_FAILED',
    });
    expect(asked).toHaveLength(1);
  });

  it.each(['<html>', '{}', '{"choices":[]}', 'null', '{"choices":[{"message":{"content":5}}]}'])(
    'refuses the answer %s',
    async (text) => {
      const { baseUrl } = await serve((response) => response.end(text));
      await expect(openAiGenerator({ baseUrl, model: 'm' })(request())).rejects.toMatchObject({
        code: 'GENERATION_FAILED',
        message: expect.stringContaining('expected choices[0].message.content'),
      });
    },
  );

  it('says that no server is there', async () => {
    const generate = openAiGenerator({
      baseUrl: 'http://127.0.0.1:1/v1',
      model: 'm',
      retries: 1,
      retryDelay: 1,
    });
    await expect(generate(request())).rejects.toMatchObject({
      code: 'GENERATION_FAILED',
      message: expect.stringContaining('no connection'),
    });
  });

  it('gives up on a server that does not answer in time', async () => {
    const { baseUrl } = await serve(() => undefined);
    const generate = openAiGenerator({ baseUrl, model: 'm', timeout: 20, retries: 1, retryDelay: 1 });
    await expect(generate(request())).rejects.toMatchObject({
      code: 'GENERATION_FAILED',
      message: expect.stringContaining('no answer within 20 ms'),
    });
  });

  it('stops at once with the reason of the signal, while asking and while waiting', async () => {
    const silent = await serve(() => controller.abort(new Error('enough')));
    let controller = new AbortController();
    await expect(
      openAiGenerator({ baseUrl: silent.baseUrl, model: 'm' })(request({ signal: controller.signal })),
    ).rejects.toThrow('enough');
    const busy = await serve((response) => {
      json(response, {}, 503);
      setTimeout(() => controller.abort(new Error('enough')), 5);
    });
    controller = new AbortController();
    await expect(
      openAiGenerator({ baseUrl: busy.baseUrl, model: 'm', retryDelay: 50_000 })(
        request({ signal: controller.signal }),
      ),
    ).rejects.toThrow('enough');
  });

  it('serves evaluate', async () => {
    const { baseUrl } = await serve(says('\\boxed{42}'));
    const generate = openAiGenerator({ baseUrl, model: 'm' });
    for await (const result of evaluate(generate, { name: 'own', problems: [problem] }, { samples: 3 }))
      expect(result.correct).toBe(3);
  });

  it.each([
    [{ baseUrl: 'localhost:8000', model: 'm' }, 'baseUrl'],
    [{ baseUrl: 'http://localhost', model: '' }, 'model'],
    [{ baseUrl: 'http://localhost', model: 'm', retries: -1 }, 'retries'],
    [{ baseUrl: 'http://localhost', model: 'm', timeout: 0 }, 'timeout'],
    [{ baseUrl: 'http://localhost', model: 'm', retryDelay: Number.NaN }, 'retryDelay'],
    [{ baseUrl: 'http://localhost', model: 'm', maxNewTokens: 0.5 }, 'maxNewTokens'],
    [{ baseUrl: 'http://localhost', model: 'm', temperature: -1 }, 'temperature'],
    [{ baseUrl: 'http://localhost', model: 'm', topP: 2 }, 'topP'],
  ])('refuses %o at once, naming %s', (options, field) => {
    expect(() => openAiGenerator(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(field) }),
    );
  });
});
