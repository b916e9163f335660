import { createPrivateKey, X509Certificate } from 'node:crypto';

/** What is wrong with a PEM file of certificate and private key at `nowMs`, and the remedy; undefined when it is usable. */
export function certificateProblem(pem: string, nowMs: number): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return 'holds no certificate: give a PEM file with the certificate and its private key';
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(pem)))
      return 'holds the private key of another certificate: give the two that belong together';
  } catch {
    return 'holds no private key that can be read: give a PEM file with the certificate and its private key, without a password';
  }
  const { validFromDate, validToDate } = certificate;
  if (validToDate.getTime() < nowMs)
    return `holds a certificate that expired on ${validToDate.toISOString()}: give a new one, or set the clock`;
  if (validFromDate.getTime() > nowMs)
    return `holds a certificate that is valid from ${validFromDate.toISOString()}: set the clock, or wait`;
  return undefined;
}
