/**
 * `npm start`: the product on a laptop. A simulated tenant, the real collector as a process of its own, its rows in a
 * local directory, and a console over them. With --tenant a real tenant, with --import exported logs instead.
 */
import { readFlags } from './start/flags.ts';
import { ownDirectory } from './start/places.ts';

const flags = readFlags(ownDirectory);
try {
  const code = await (flags.headless === true
    ? (await import('./start/headless.ts')).headless(flags)
    : (await import('./start/console.ts')).runConsole(flags));
  process.exit(code);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
