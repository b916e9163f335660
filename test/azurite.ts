/** Azurite, the emulator of Azure Blob Storage, on loopback with HTTPS and tokens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TokenCredential } from '@azure/core-auth';
import { certificates } from '../simulator/server/certificates.ts';

const program = fileURLToPath(new URL('../node_modules/azurite/dist/src/blob/main.js', import.meta.url));

/** An emulator that runs. */
export interface Azurite {
  /** `https://127.0.0.1:PORT/devstoreaccount1` */
  readonly url: string;
  /** The authority that its certificate comes from, PEM: for `tls.setDefaultCACertificates`. */
  readonly ca: string;
  /** The same in a file: for NODE_EXTRA_CA_CERTS of other processes. */
  readonly caFile: string;
  /** Its own certificate for 127.0.0.1, for servers that stand in front of it. */
  readonly server: { readonly key: string; readonly cert: string };
  /** A credential that Azurite takes, for the audience of storage. */
  readonly credential: TokenCredential;
  /** Makes a container and gives its URL. */
  container(name: string): Promise<string>;
  close(): Promise<void>;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token without a signature; Azurite looks at audience, issuer and times only. */
export function storageToken(audience = 'https://storage.azure.com'): string {
  const seconds = Math.trunc(Date.now() / 1000);
  const claims = {
    aud: audience,
    iss: 'https://sts.windows.net/00000000-0000-4000-8000-000000000001/',
    iat: seconds - 60,
    nbf: seconds - 60,
    exp: seconds + 3600,
  };
  return `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.none`;
}

/** A credential whose tokens are for `audience`. */
export function storageCredential(audience?: string): TokenCredential {
  return {
    getToken: async () => ({ token: storageToken(audience), expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
}

/** Starts Azurite on a free port; it keeps everything in memory, or on the disk in a directory that goes with it. */
export async function azurite(persistence: 'memory' | 'disk' = 'memory'): Promise<Azurite> {
  const { ca, server } = await certificates();
  const directory = await mkdtemp(join(tmpdir(), 'azurite-'));
  const file = (name: string): string => join(directory, name);
  await Promise.all([
    writeFile(file('ca.pem'), ca),
    writeFile(file('key.pem'), server.key, { mode: 0o600 }),
    writeFile(file('cert.pem'), server.cert),
  ]);
  const child = spawn(
    process.execPath,
    // oauth basic: tokens are looked at, their signatures are not. The API version of the SDK may be newer than Azurite.
    [
      program,
      ...(persistence === 'memory' ? ['--inMemoryPersistence'] : ['--location', directory]),
      '--silent',
      '--skipApiVersionCheck',
      '--disableTelemetry',
      '--oauth',
      'basic',
    ].concat(['--cert', file('cert.pem'), '--key', file('key.pem'), '--blobHost', '127.0.0.1', '--blobPort', '0']),
    { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] },
  );

  async function close(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  }

  const port = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Azurite ended with ${code} before it listened`)));
    createInterface(child.stdout).on('line', (line) => {
      const listening = /successfully listens on https:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (listening?.[1] !== undefined) resolve(listening[1]);
    });
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const url = `https://127.0.0.1:${port}/devstoreaccount1`;

  return {
    url,
    ca,
    caFile: file('ca.pem'),
    server,
    credential: storageCredential(),
    async container(name) {
      // Without the SDK: who starts Azurite for another process need not trust it in this one.
      const sent = request(`${url}/${name}?restype=container`, {
        ca,
        method: 'PUT',
        headers: {
          authorization: `Bearer ${storageToken()}`,
          'x-ms-version': '2025-01-05',
          'x-ms-date': new Date().toUTCString(),
          'content-length': 0,
        },
      }).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      answer.resume();
      if (answer.statusCode !== 201) throw new Error(`Azurite: container ${name}: ${answer.statusCode}`);
      return `${url}/${name}`;
    },
    close,
  };
}
