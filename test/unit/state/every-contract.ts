import type { Bench } from './bench.ts';
import { deadLetterContract } from './dead-letter-contract.ts';
import { placeContract } from './place-contract.ts';
import { stateContract } from './state-contract.ts';
import { stateFormatContract } from './state-format-contract.ts';

/** Puts every contract to a kind of place; `bench` gives a new one each time. */
export function everyContract(kind: string, bench: () => Promise<Bench>): void {
  for (const contract of [placeContract, stateContract, stateFormatContract, deadLetterContract]) contract(kind, bench);
}
