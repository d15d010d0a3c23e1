export {
  BACKEND_NAMES,
  type BackendName,
  type BackendOptions,
  BackendUnavailableError,
  GpuError,
  type SelectedBackend,
} from './backend.js';
export { type BackendDescription, describeBackends, selectBackend } from './select-backend.js';
