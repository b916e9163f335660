// Installs what is missing before `npm start` and `npm test`. Only Node built-ins: it runs before anything is installed,
// on whatever Node the machine has.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.ready`;
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Installing dependencies (npm ci) ...');
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (installed.status !== 0) {
    console.error('npm ci failed: see above. A registry that npm can reach is needed once.');
    process.exit(installed.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}

// npm puts node_modules/.bin first on the path, so this is the Node that the scripts will run on.
const found = spawnSync('node', ['--version'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
}).stdout?.trim();
if (!(Number(/^v(\d+)/.exec(found ?? '')?.[1]) >= 24)) {
  console.error(`Node ${found} is too old and no Node 24 could be installed for ${process.platform}-${process.arch}.`);
  console.error('Install Node 24 or newer, then run this again.');
  process.exit(1);
}
