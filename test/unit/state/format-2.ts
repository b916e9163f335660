import { format1 } from './format-1.ts';

/** The same state in format 2, which says who wrote it and is else the same. */
export const format2: ReadonlyMap<string, Buffer> = new Map(
  [...format1].map(([name, bytes]) => [
    name,
    Buffer.from(bytes.toString('latin1').replace('{"format":1,', '{"format":2,"version":"0.1.0",'), 'latin1'),
  ]),
);
