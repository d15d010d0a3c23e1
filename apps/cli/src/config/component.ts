import { z } from 'zod';

/**
 * A component of one's own, by path (`./mine.mjs`) or package name, with `#name` for an export other than the default.
 * All further fields are its options and are passed on as they are.
 *
 * @param builtIn names that mean a component of ours
 */
export function ownComponent(builtIn: readonly string[]) {
  const expected = `expected ${builtIn.join(', ')}, ./a-file.mjs or a package`;
  return z
    .looseObject({
      use: z
        .string(expected)
        .regex(new RegExp(`^(?!(?:${builtIn.join('|')})$).+`), expected)
        .brand<'own'>(),
    })
    .describe('One of your own: a path (./mine.mjs) or a package, with #name for a named export.');
}

/** A configured component of one's own. */
export type OwnComponent = z.infer<ReturnType<typeof ownComponent>>;

/** Whether a configured component is one's own: its name is none of the built-in ones. */
export function isOwn<T extends { readonly use: string }>(
  config: T,
  builtIn: readonly string[],
): config is Extract<T, OwnComponent> {
  return !builtIn.includes(config.use);
}
