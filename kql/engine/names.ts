import type { Binding, Names } from './scope.ts';

interface Bound {
  readonly binding: Binding;
  /** How many names were there before; -1 where all see it. */
  readonly after: number;
}

const isView = ({ binding }: Bound): boolean =>
  binding.kind === 'function' && binding.declaration.children[0]?.text === 'view';

/** A set of names; those of `outer` show through. */
export function names(outer?: Names): Names {
  const own = new Map<string, readonly Bound[]>();
  let count = 0;
  const put = (name: string, binding: Binding, after: number): void => {
    own.set(name, [{ binding, after }, ...(own.get(name) ?? [])]);
    count += 1;
  };
  const upTo = (limit: number): Names => {
    const latest = (all: readonly Bound[]): Bound | undefined => all.find(({ after }) => after < limit);
    const self: Names = {
      find: (name) => latest(own.get(name) ?? [])?.binding ?? outer?.find(name),
      set: (name, binding) => put(name, binding, count),
      inner: () => names(self),
      earlier: () => upTo(count),
      outermost: () => outer?.outermost() ?? { ...self, set: (name, binding) => put(name, binding, -1) },
      views: () => {
        const seen = [...own].flatMap(([name, all]) => {
          const bound = latest(all);
          return bound !== undefined && isView(bound) ? [name] : [];
        });
        return [...(outer?.views() ?? []), ...seen];
      },
    };
    return self;
  };
  return upTo(Number.POSITIVE_INFINITY);
}
