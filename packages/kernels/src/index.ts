export { configureNative, type NativeOptions, type NativeStatus, nativeStatus } from './native/index.js';
export { prepareTfjs } from './tfjs/prepare-tfjs.js';
