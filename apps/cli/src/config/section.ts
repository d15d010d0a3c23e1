import { z } from 'zod';

/** A section of the configuration: unknown fields are errors that list the known ones. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? `unknown field, expected one of ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

export const wholeNumber = (least: number) => z.number().int().min(least);
export const above0 = z.number().positive();
export const share = z.number().min(0).max(1);
