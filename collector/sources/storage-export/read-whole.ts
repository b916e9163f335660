/** Files that are read from their beginning to their end: arrays, CSV, JSON Lines, and gzip of each. */
import type { Element } from '../../contracts.ts';
import { decode, foreign } from '../../formats/decode.ts';
import type { Body } from './body.ts';
import type { Rows } from './rows.ts';

/** Some rows of a file: how many they were, those of others among them, and what the rest holds. */
export interface Piece {
  readonly seen: number;
  readonly foreign: number;
  readonly elements: readonly Element[];
}

const BATCH = 500;

/**
 * Reads a file. Rejects when it is of no known form or ends before its end, after everything that came before. A body
 * that broke off on its way rejects with its own error.
 */
export async function* readWhole({ bytes }: Body, rows: Rows): AsyncGenerator<Piece, void> {
  let elements: Element[] = [];
  let strangers = 0;
  const take = (): Piece => {
    const piece = { seen: strangers + elements.length, foreign: strangers, elements };
    elements = [];
    strangers = 0;
    return piece;
  };
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const element of decode(bytes, { isForeign: rows.isForeign })) {
      if (element === foreign) strangers++;
      else if (element.ok) elements.push(...rows.toElements(element.value));
      else elements.push(element);
      if (strangers + elements.length >= BATCH) yield take();
    }
  } catch (error) {
    failure = { error };
  }
  if (strangers + elements.length > 0) yield take();
  if (failure !== undefined) throw failure.error;
}
