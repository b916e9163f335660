/** Parts of Graph's answers, for zod: what has the wrong type is null, and never an error. */
import { z } from 'zod';
import { isGuid, toWellFormed } from '../records/json-value.ts';

/** Text that is not blank; else null. */
export const text = z
  .string()
  .transform((value) => (value.trim() === '' ? null : toWellFormed(value)))
  .nullable()
  .catch(null);

/** A number that is finite; else null. */
export const number = z.number().nullable().catch(null);

export const boolean = z.boolean().nullable().catch(null);

/** Items of any type; null when it is no array. */
export const items = z.array(z.unknown()).nullable().catch(null);

const LATEST_MS = Date.UTC(9999, 11, 31);

/** ISO 8601 UTC of a time with date; null for anything else, and for what Graph writes when there is none (year 1). */
export const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T/)
  .transform((value) => {
    const ms = Date.parse(value);
    return ms > 0 && ms < LATEST_MS ? new Date(ms).toISOString() : null;
  })
  .nullable()
  .catch(null);

/** A GUID in lower case, not the nil one; else null. */
export const guid = text.transform((value) => (value !== null && isGuid(value) ? toUsedGuid(value) : null));

/** The GUID in lower case; null for the nil one, which stands for none. */
export function toUsedGuid(value: string): string | null {
  return /^[0-]+$/.test(value) ? null : value.toLowerCase();
}

/** An object of these parts; null for anything that is none. */
export function part<T extends z.ZodRawShape>(shape: T): z.ZodCatch<z.ZodNullable<z.ZodObject<T>>> {
  return z.object(shape).nullable().catch(null);
}
