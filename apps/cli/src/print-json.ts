/** Prints one machine-readable object on stdout, once it is all written. */
export async function printJson(value: unknown): Promise<void> {
  await new Promise<void>((done, fail) => {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`, (error) => (error ? fail(error) : done()));
  });
}
