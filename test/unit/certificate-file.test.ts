import { beforeAll, describe, expect, it } from 'vitest';
import { certificateProblem } from '../../collector/certificate-file.ts';
import { certificates, type Certificates } from '../../simulator/server/certificates.ts';

const day = 86_400_000;
let made: Certificates;
beforeAll(async () => {
  made = await certificates();
});

describe('a certificate file', () => {
  it('is usable with certificate and key, in any order', () => {
    const { key, cert } = made.application;
    expect(certificateProblem(`${key}\n${cert}\n`, Date.now())).toBeUndefined();
    expect(certificateProblem(`${cert}\n${key}\n`, Date.now())).toBeUndefined();
  });

  it.for([
    ['nothing', (): string => '', 'holds no certificate'],
    ['a key alone', (): string => made.application.key, 'holds no certificate'],
    ['a certificate alone', (): string => made.application.cert, 'holds no private key'],
    [
      'a key of another certificate',
      (): string => `${made.application.cert}\n${made.server.key}`,
      'of another certificate',
    ],
  ] as const)('of %s is told, with what to give', ([, pem, problem]) => {
    expect(certificateProblem(pem(), Date.now())).toContain(problem);
    expect(certificateProblem(pem(), Date.now())).toContain('give');
  });

  it('that is over or not valid yet is told with its day', () => {
    const pem = `${made.application.key}\n${made.application.cert}`;
    expect(certificateProblem(pem, Date.now() + 60 * day)).toMatch(
      /expired on \d{4}-.*: give a new one, or set the clock/,
    );
    expect(certificateProblem(pem, Date.now() - 60 * day)).toMatch(/valid from \d{4}-.*: set the clock/);
  });
});
