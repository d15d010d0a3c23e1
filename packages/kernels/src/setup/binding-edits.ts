import { SetupError } from './setup-error.js';

/** A place in one of the binding's sources, and what is put after it. */
interface Insertion {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly after: string;
  readonly text: string;
}

const wrapper = (name: string, call: string): string => `
static napi_value ${name}(napi_env env, napi_callback_info info) {
  TFJSBackend *const backend = GetTFJSBackend(env);
  return backend ? midtrain::${call} : nullptr;
}
`;

const property = (name: string, method: string): string =>
  `      {"${name}", nullptr, ${method}, nullptr, nullptr, nullptr, napi_default, nullptr},\n`;

/** What joins midtrain's `graph_function.cc` to tfjs-node's binding; its own functions stay as they are. */
export const INSERTIONS: readonly Insertion[] = [
  {
    file: 'tfjs_backend.h',
    after: ' public:\n  ~TFJSBackend();\n',
    text: '\n  TFE_Context *context() const { return tfe_context_; }\n',
  },
  { file: 'tfjs_binding.cc', after: '#include "utils.h"\n', text: '#include "graph_function.h"\n' },
  {
    file: 'tfjs_binding.cc',
    after: '  return backend->GetNumOfSavedModels(env);\n}\n',
    text: [
      wrapper('AddGraphFunction', 'AddGraphFunction(env, info, backend->context())'),
      wrapper('RemoveGraphFunction', 'RemoveGraphFunction(env, info, backend->context())'),
      wrapper('ListDevices', 'ListDevices(env, backend->context())'),
      wrapper('HasOperation', 'HasOperation(env, info, backend->context())'),
    ].join(''),
  },
  {
    file: 'tfjs_binding.cc',
    after: '  napi_property_descriptor exports_properties[] = {\n',
    text: [
      property('addGraphFunction', 'AddGraphFunction'),
      property('removeGraphFunction', 'RemoveGraphFunction'),
      property('listDevices', 'ListDevices'),
      property('hasOperation', 'HasOperation'),
    ].join(''),
  },
];

/**
 * The binding's sources with midtrain's additions.
 * @param sources contents by file name
 * @throws {SetupError} when a place is not there exactly once: the sources are not the ones this was written for
 */
export function editBinding(sources: Readonly<Record<string, string>>): Record<string, string> {
  const edited = { ...sources };
  for (const { file, after, text } of INSERTIONS) {
    const parts = (edited[file] ?? '').split(after);
    if (parts.length !== 2) {
      throw new SetupError(
        `setup tensorflow: binding/${file} is not as in tfjs-node 4.22 (looked for: ${after.trim().split('\n')[0]})`,
      );
    }
    edited[file] = `${parts[0]}${after}${text}${parts[1]}`;
  }
  return edited;
}
