import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { BackendUnavailableError, firstLine, GpuError, type LoadedBackend } from './backend.js';
import { findPackage, requireHere } from './installed-package.js';
import { startBackend } from './start-backend.js';

const PACKAGE = 'webgpu';
const HOW_TO_INSTALL = 'install the npm package webgpu 0.6 and a Vulkan, Metal or D3D12 driver';
const WANTED_FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const;
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** What the npm package `webgpu` (Dawn) gives: the browser's `navigator.gpu` and its global names. */
interface DawnModule {
  readonly create: (flags: readonly string[]) => GPU;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Newer than the types that tfjs brings along. */
type Adapter = GPUAdapter & { readonly info: GPUAdapterInfo };

let gpu: GPU | undefined;

async function startDawn(): Promise<GPU> {
  if (gpu !== undefined) return gpu;
  // An ES module, so it cannot be required; but it is found like every other package.
  const { href } = pathToFileURL(requireHere.resolve(PACKAGE));
  const { create, globals } = (await import(/* @vite-ignore */ href)) as DawnModule;
  Object.assign(globalThis, globals);
  gpu = create([]);
  // Node 20 has no navigator; tfjs looks for navigator.gpu while its webgpu module is evaluated.
  const browser = (globalThis as { navigator?: object }).navigator ?? {};
  Object.defineProperty(browser, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: browser, configurable: true, writable: true });
  return gpu;
}

async function requestAdapter(): Promise<Adapter> {
  let adapter: GPUAdapter | null;
  try {
    adapter = await (await startDawn()).requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    throw new BackendUnavailableError(`backend webgpu: ${firstLine(error)}; ${HOW_TO_INSTALL}`);
  }
  if (adapter === null) {
    throw new BackendUnavailableError(`backend webgpu: no GPU adapter was found; ${HOW_TO_INSTALL}`);
  }
  return adapter as Adapter;
}

const nameOf = (info: GPUAdapterInfo): string =>
  [info.vendor, info.architecture, info.device, info.description].filter((part) => part !== '').join(' ');

/** What the webgpu backend would run on. Starts Dawn and asks for an adapter, but makes no device. */
export async function describeWebgpu(): Promise<{
  version: string | undefined;
  ok: boolean;
  reason: string;
}> {
  const found = findPackage(PACKAGE);
  if (found === undefined) {
    return { version: undefined, ok: false, reason: `not installed: ${HOW_TO_INSTALL}` };
  }
  try {
    const { info } = await requestAdapter();
    return { version: found.version, ok: true, reason: nameOf(info) };
  } catch (error) {
    return { version: found.version, ok: false, reason: firstLine(error) };
  }
}

/** Ends the process (unless it handles uncaught errors): after a GPU error tfjs would go on with wrong values. */
function fail(message: string): void {
  const error = new GpuError(`webgpu: ${message.trim().split('\n')[0]}; results from here on would be wrong`);
  queueMicrotask(() => {
    throw error;
  });
}

async function makeDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const device = await adapter.requestDevice({
    requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)) as GPUFeatureName[],
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
  device.addEventListener('uncapturederror', (event) =>
    fail((event as GPUUncapturedErrorEvent).error.message),
  );
  device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') fail(`the device is lost (${message})`);
  });
  return device;
}

/**
 * Starts Dawn on the machine's GPU, with all that its adapter offers, and makes webgpu the active backend. Errors that
 * the GPU reports later, which tfjs would not notice, are thrown as uncaught `GpuError`s.
 * @throws {BackendUnavailableError} when the package or a GPU is missing.
 */
export async function loadWebgpu(): Promise<LoadedBackend> {
  const found = findPackage(PACKAGE);
  if (found === undefined) {
    throw new BackendUnavailableError(`backend webgpu: not installed; ${HOW_TO_INSTALL}`);
  }
  const adapter = await requestAdapter();
  const device = await makeDevice(adapter);
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  // The module registers a backend of its own, without the adapter's limits and features.
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  if (!(await startBackend('webgpu'))) {
    tf.removeBackend('webgpu');
    device.destroy();
    throw new BackendUnavailableError(
      `backend webgpu: it does not start on ${nameOf(adapter.info)}; ${HOW_TO_INSTALL}`,
    );
  }
  return {
    version: found.version,
    detail: nameOf(adapter.info),
    close: async () => {
      await device.queue.onSubmittedWorkDone();
      tf.removeBackend('webgpu');
      device.destroy();
    },
  };
}
