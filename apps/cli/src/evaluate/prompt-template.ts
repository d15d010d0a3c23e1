/** Makes prompts by a template with `{question}`; without one, asks for steps and a `\boxed{}` answer. */
export async function promptTemplate(template: string | undefined): Promise<(question: string) => string> {
  if (template !== undefined) return (question) => template.replaceAll('{question}', () => question);
  const { boxedPrompt } = await import('@midtrain/eval-math');
  return boxedPrompt;
}
