import { describeTrlParity } from './trl-parity.js';

describeTrlParity('cpu');
