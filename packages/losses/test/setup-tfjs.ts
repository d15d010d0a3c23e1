import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { env, setBackend } from '@tensorflow/tfjs-core';

// Silences the advice to install another backend.
env().set('IS_TEST', true);
// The cpu backend alone: tests compare with float64 results and must not depend on what is installed.
await setBackend('cpu');
