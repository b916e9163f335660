/** The browser of this machine, without a window: for pictures and for tests. */
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'] as const;

const flags = [
  // A container's root has no user namespaces of its own.
  '--no-sandbox',
  '--disable-gpu',
  // A container's shared memory may be 64 MB.
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A picture does not depend on the screen of whoever takes it.
  '--force-color-profile=srgb',
  '--hide-scrollbars',
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where Chromium is: `CHROMIUM` of the environment, else on the path, else /usr/bin; undefined where there is none. */
export function chromiumPath(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const named = env['CHROMIUM'];
  if (named !== undefined && isAbsolute(named)) return isProgram(named) ? named : undefined;
  const folders = ['/usr/bin', ...(env['PATH'] ?? '').split(delimiter).filter(isAbsolute)];
  return [...(named === undefined || named === '' ? names : [named])]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isProgram);
}

/** Starts it with a profile of its own, which is gone when it is closed. */
export const launchChromium = async (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: flags, headless: true });
