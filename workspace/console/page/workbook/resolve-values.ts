import { isVisible } from '../../../../kql/workbook/conditions.ts';
import { valuesFrom } from '../../../../kql/workbook/parameters.ts';
import { placeholders, substitute } from '../../../../kql/workbook/substitute.ts';
import { queryOf, steps } from '../../../../kql/workbook/walk.ts';
import type {
  Choice,
  Parameter,
  ParameterValue,
  Setting,
  Values,
  Workbook,
} from '../../../../kql/workbook/workbook.ts';
import type { Changes } from './view-hash.ts';

/** What a parameter's query has answered: its choices; a text where the parameter is one; why there is no answer. */
export type Offer =
  | { readonly state: 'waiting' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'known'; readonly choices: readonly Choice[] };

/** Every value of a view, and what is still to come. */
export interface ResolvedView {
  readonly values: Values;
  /** By name of the parameters whose query runs or has answered. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Names of parameters that have no value yet because a query has not answered. */
  readonly unsettled: ReadonlySet<string>;
}

/** Names that a text refers to. */
export const namesIn = (text: string): readonly string[] => placeholders(text).map(({ name }) => name);

// "All" that is written as one value needs no list of what there is.
function isSettledWithout(parameter: Parameter, value: ParameterValue): boolean {
  if (parameter.kind !== 'choice' || value.kind !== 'choice') return false;
  return value.isAll && parameter.all !== undefined && 'value' in parameter.all;
}

function settled(
  parameter: Parameter,
  change: ParameterValue | undefined,
  opened: ParameterValue,
  choices: readonly Choice[],
): ParameterValue {
  if (parameter.kind === 'choice') return valuesFrom(parameter, choices, change);
  if (parameter.kind !== 'text') return change ?? opened;
  const [first] = choices;
  return change ?? (first === undefined ? opened : { kind: 'text', text: first.value });
}

/**
 * Works out every value of a view in the order of the file, because what a parameter offers may depend on those before.
 * `ask` is called for each query of a parameter that is shown and whose own parameters have values.
 */
export function resolveValues(
  workbook: Workbook,
  initial: Values,
  changes: Changes,
  now: Date,
  ask: (query: string) => Offer,
): ResolvedView {
  const values = new Map<string, Setting>();
  for (const [name, setting] of initial) values.set(name, { ...setting, value: changes.get(name) ?? setting.value });
  const offers = new Map<string, Offer>();
  const unsettled = new Set<string>();
  for (const { item, conditions } of steps(workbook)) {
    if (item.kind !== 'parameters' || !isVisible({ conditions }, values)) continue;
    for (const parameter of item.parameters) {
      const change = changes.get(parameter.name);
      const opened = initial.get(parameter.name)?.value;
      if (opened === undefined) continue;
      const set = (value: ParameterValue): void => void values.set(parameter.name, { parameter, value });
      const query = queryOf(parameter);
      if (query === undefined) {
        if (parameter.kind === 'choice' && 'fixed' in parameter.choices && change !== undefined)
          set(valuesFrom(parameter, parameter.choices.fixed, change));
        continue;
      }
      const offer: Offer = namesIn(query).some((name) => unsettled.has(name))
        ? { state: 'waiting' }
        : ask(substitute(query, values, now).text);
      offers.set(parameter.name, offer);
      if (offer.state === 'known') set(settled(parameter, change, opened, offer.choices));
      else if (offer.state === 'waiting' && !isSettledWithout(parameter, change ?? opened))
        unsettled.add(parameter.name);
    }
  }
  return { values, offers, unsettled };
}
