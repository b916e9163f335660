import type { Operator } from '../scope.ts';
import { asOperators } from './as.ts';
import { countOperators } from './count.ts';
import { distinctOperators } from './distinct.ts';
import { evaluateOperators } from './evaluate.ts';
import { extendOperators } from './extend.ts';
import { getSchemaOperators } from './get-schema.ts';
import { invokeOperators } from './invoke.ts';
import { joinOperators } from './join.ts';
import { makeSeriesOperators } from './make-series.ts';
import { mvApplyOperators } from './mv-apply.ts';
import { mvExpandOperators } from './mv-expand.ts';
import { parseKvOperators } from './parse-kv.ts';
import { parseOperators } from './parse.ts';
import { partitionOperators } from './partition.ts';
import { passOperators } from './pass.ts';
import { projectColumnsOperators } from './project-columns.ts';
import { projectOperators } from './project.ts';
import { rangeOperators } from './range.ts';
import { refusedOperators } from './refused.ts';
import { scanOperators } from './scan.ts';
import { searchOperators } from './search.ts';
import { sortOperators } from './sort.ts';
import { summarizeOperators } from './summarize.ts';
import { takeOperators } from './take.ts';
import { topHittersOperators } from './top-hitters.ts';
import { topNestedOperators } from './top-nested.ts';
import { unionOperators } from './union.ts';
import { whereOperators } from './where.ts';

/** Tabular operators by the kind of their node. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...asOperators,
    ...countOperators,
    ...distinctOperators,
    ...evaluateOperators,
    ...extendOperators,
    ...getSchemaOperators,
    ...invokeOperators,
    ...joinOperators,
    ...makeSeriesOperators,
    ...mvApplyOperators,
    ...mvExpandOperators,
    ...parseKvOperators,
    ...parseOperators,
    ...partitionOperators,
    ...passOperators,
    ...projectColumnsOperators,
    ...projectOperators,
    ...rangeOperators,
    ...refusedOperators,
    ...scanOperators,
    ...searchOperators,
    ...sortOperators,
    ...summarizeOperators,
    ...takeOperators,
    ...topHittersOperators,
    ...topNestedOperators,
    ...unionOperators,
    ...whereOperators,
  }),
);
