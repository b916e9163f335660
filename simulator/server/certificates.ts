import { randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';

/** Certificates of one simulator, all PEM. */
export interface Certificates {
  readonly ca: string;
  readonly server: { readonly key: string; readonly cert: string };
  /** Of the registered application: RSA, because Entra takes RS256 and PS256 assertions only. */
  readonly application: { readonly key: string; readonly cert: string };
  /** The same of the second application. */
  readonly sourceApplication: { readonly key: string; readonly cert: string };
}

const dayMs = 86_400_000;
/** Of applications by name: RSA keys are dear, and simulators of one process lose nothing by having the same. */
const ofApplications = new Map<string, ReturnType<typeof generate>>();

/**
 * Makes a CA, a server certificate for 127.0.0.1, ::1 and localhost signed by it, and a client certificate.
 * Valid on the machine's clock, not the simulated one: TLS libraries know no other.
 */
export async function certificates(): Promise<Certificates> {
  const validity = { notBeforeDate: new Date(Date.now() - dayMs), notAfterDate: new Date(Date.now() + 30 * dayMs) };
  const elliptic = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', ...validity } as const;
  // A name of its own: among CAs of the same name a client picks one by chance.
  const caName = `Simulator CA ${randomUUID()}`;
  const ca = await generate([{ name: 'commonName', value: caName }], {
    ...elliptic,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  function client(name: string): ReturnType<typeof generate> {
    const known =
      ofApplications.get(name) ??
      generate([{ name: 'commonName', value: name }], {
        keyType: 'rsa',
        keySize: 2048,
        algorithm: 'sha256',
        ...validity,
      });
    ofApplications.set(name, known);
    return known;
  }
  const [server, application, sourceApplication] = await Promise.all([
    generate([{ name: 'commonName', value: 'localhost' }], {
      ...elliptic,
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
            { type: 7, ip: '::1' },
          ],
        },
      ],
    }),
    client('collector.contoso.example'),
    client('reader.contoso.example'),
  ]);
  return {
    ca: ca.cert,
    server: { key: server.private, cert: server.cert },
    application: { key: application.private, cert: application.cert },
    sourceApplication: { key: sourceApplication.private, cert: sourceApplication.cert },
  };
}
