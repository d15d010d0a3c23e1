import '@tensorflow/tfjs-backend-wasm';
import { testEmptyBatch } from './empty-batch.js';
import { describeTrlParity } from './trl-parity.js';

// The wasm backend lacks some kernels and gradients; this shows that none of them is needed.
describeTrlParity('wasm');
testEmptyBatch();
