import type { Binding, Names } from './scope.ts';

/** A set of names; those of `outer` show through. */
export function names(outer?: Names): Names {
  const own = new Map<string, Binding>();
  const self: Names = {
    find: (name) => own.get(name) ?? outer?.find(name),
    set: (name, binding) => {
      own.set(name, binding);
    },
    inner: () => names(self),
    outermost: () => outer?.outermost() ?? self,
    views: () => {
      const isView = ([, binding]: [string, Binding]): boolean =>
        binding.kind === 'function' && binding.declaration.children[0]?.text === 'view';
      return [...(outer?.views() ?? []), ...[...own].filter(isView).map(([name]) => name)];
    },
  };
  return self;
}
