import type { Condition, Item, Parameter, ParametersItem, QueryItem, Workbook } from './workbook.ts';

/** An item at its place. */
export interface Step {
  readonly item: Item;
  /** Its own conditions and those of the groups around it. */
  readonly conditions: readonly Condition[];
}

function* stepsIn(items: readonly Item[], around: readonly Condition[]): Generator<Step> {
  for (const item of items) {
    const conditions = [...around, ...item.conditions];
    yield { item, conditions };
    if (item.kind === 'group') yield* stepsIn(item.items, conditions);
  }
}

/** Every item in the order of the file, a group before what it holds. */
export const steps = (workbook: Workbook): readonly Step[] => [...stepsIn(workbook.items, [])];

/** Every declared parameter in the order of the file. */
export const parametersOf = (workbook: Workbook): readonly Parameter[] =>
  steps(workbook).flatMap(({ item }) => (item.kind === 'parameters' ? item.parameters : []));

/** A query at its place: of an item, or what a parameter offers. */
export interface PlacedQuery {
  /** The name of the item or of the parameter. */
  readonly name: string;
  readonly query: string;
  readonly item: QueryItem | ParametersItem;
  /** The parameter that offers what the query answers; undefined for the query of an item. */
  readonly parameter: Parameter | undefined;
  readonly conditions: readonly Condition[];
}

/** The query behind a parameter, if it has one. */
export function queryOf(parameter: Parameter): string | undefined {
  if (parameter.kind === 'text') return parameter.query;
  return parameter.kind === 'choice' && 'query' in parameter.choices ? parameter.choices.query : undefined;
}

/** Every query in the order of the file. */
export const queriesOf = (workbook: Workbook): readonly PlacedQuery[] =>
  steps(workbook).flatMap(({ item, conditions }): readonly PlacedQuery[] => {
    if (item.kind === 'query') return [{ name: item.name, query: item.query, item, parameter: undefined, conditions }];
    if (item.kind !== 'parameters') return [];
    return item.parameters.flatMap((parameter) => {
      const query = queryOf(parameter);
      return query === undefined ? [] : [{ name: parameter.name, query, item, parameter, conditions }];
    });
  });
