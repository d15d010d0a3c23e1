// Runs turbo with the workspace's own pnpm on the PATH and without telemetry: node scripts/turbo.mjs run build
import { run } from './run.mjs';

const { status } = await run('turbo', process.argv.slice(2), { stream: true });
process.exit(status ?? 1);
