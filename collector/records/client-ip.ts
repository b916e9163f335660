import { isIP } from 'node:net';

const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/;
const V4_PORT = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/;
// Real records carry the mapped form with and without its leading colons, and with a port.
const V4_MAPPED = /^(?:::|(?:0{1,4}:){5})?ffff:(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/i;

/** The address in `10.0.0.1:443`, `[2001:db8::1]:443`, `ffff:10.0.0.1`, `fe80::1%3` and the like; null when none. */
export function toClientIp(text: string): string | null {
  const trimmed = text.trim();
  const bare = BRACKETED.exec(trimmed)?.[1] ?? trimmed;
  const v4 = V4_MAPPED.exec(bare)?.[1] ?? V4_PORT.exec(bare)?.[1];
  if (v4 !== undefined) return isIP(v4) === 4 ? v4 : null;
  const zone = bare.indexOf('%');
  const address = zone === -1 ? bare : bare.slice(0, zone);
  return isIP(address) === 6 ? address.toLowerCase() : null;
}
