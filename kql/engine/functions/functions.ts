/** All scalar functions by name. What is not here is refused by name. */
import type { ScalarFunction } from '../scope.ts';
import { arrays } from './arrays.ts';
import { bags } from './bags.ts';
import { columns } from './columns.ts';
import { conditions } from './conditions.ts';
import { conversions } from './conversions.ts';
import { datetimes } from './datetimes.ts';
import { distributions } from './distributions.ts';
import { geoFunctions } from './geo.ts';
import { mathematics } from './mathematics.ts';
import { rounding } from './rounding.ts';
import { seriesFunctions } from './series.ts';
import { sets } from './sets.ts';
import { textFunctions } from './text.ts';
import { windows } from './windows.ts';

const families: readonly Readonly<Record<string, ScalarFunction>>[] = [
  conversions,
  mathematics,
  rounding,
  distributions,
  datetimes,
  conditions,
  arrays,
  bags,
  sets,
  columns,
  windows,
  textFunctions,
  seriesFunctions,
  geoFunctions,
];

/** Scalar functions by name. */
export const functions: ReadonlyMap<string, ScalarFunction> = new Map(
  families.flatMap((family) => Object.entries(family)),
);
