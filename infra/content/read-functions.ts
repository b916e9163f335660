import { readFunctions } from '../../kql/functions.ts';
import { ContentError } from '../../kql/content/content-error.ts';

/** A function that is saved in the workspace. */
export interface SavedFunction {
  readonly name: string;
  /** `name:type=default` list; empty for a function without parameters. */
  readonly parameters: string;
  readonly query: string;
  readonly description: string;
  /** Names of the shipped functions that its body calls. */
  readonly calls: readonly string[];
}

const noise = /\/\/.*$|@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*'/gm;

/** Names in KQL text, without comments and strings. */
const namesIn = (kql: string): ReadonlySet<string> => new Set(kql.replaceAll(noise, ' ').match(/[A-Za-z_]\w*/g));

/** Puts what is called before what calls it, otherwise by name. @throws ContentError naming a circle of calls. */
export function inCallOrder<T extends Pick<SavedFunction, 'name' | 'calls'>>(functions: readonly T[]): readonly T[] {
  const byName = new Map(functions.map((one) => [one.name, one]));
  const ordered = new Set<T>();
  const visit = (one: T, path: readonly string[]): void => {
    if (ordered.has(one)) return;
    const circle = [...path, one.name];
    if (path.includes(one.name))
      throw new ContentError([
        `kql/functions: ${circle.slice(circle.indexOf(one.name)).join(' calls ')}: a function cannot reach itself`,
      ]);
    for (const called of one.calls) {
      const next = byName.get(called);
      if (next !== undefined) visit(next, circle);
    }
    ordered.add(one);
  };
  for (const one of functions) visit(one, []);
  return [...ordered];
}

/** The functions of a folder in the order of their calls; none where there is no folder.
 *  @throws Error naming the file, ContentError naming a circle. */
export function readSavedFunctions(directory: string): readonly SavedFunction[] {
  const stored = readFunctions(directory);
  const names = stored.map(({ name }) => name);
  return inCallOrder(
    stored.map(({ name, parameters, body, documentation }) => {
      const used = namesIn(body);
      return {
        name,
        parameters: parameters.replaceAll(/\s+/g, ' ').trim(),
        query: body.trim(),
        description: documentation,
        // A function that calls itself is a circle, too, and named as one.
        calls: names.filter((other) => used.has(other)),
      };
    }),
  );
}
