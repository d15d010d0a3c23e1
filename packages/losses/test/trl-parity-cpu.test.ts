import { testEmptyBatch } from './empty-batch.js';
import { describeTrlParity } from './trl-parity.js';

describeTrlParity('cpu');
testEmptyBatch();
