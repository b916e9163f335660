/** What is known of techniques: which ids there are, and which tactics they serve. */
import { atlasTechniques, attackSuccessors, attackTechniques } from './threat-ids.ts';

interface Technique {
  readonly tactics: readonly string[];
  readonly hasParts: boolean;
}

const techniques = new Map<string, Technique>();
for (const [tactic, ids] of Object.entries(attackTechniques))
  for (const marked of ids.split(' ')) {
    const id = marked.replace('+', '');
    techniques.set(id, {
      tactics: [...(techniques.get(id)?.tactics ?? []), tactic],
      hasParts: marked.endsWith('+'),
    });
  }

const successors = new Set(Object.values(attackSuccessors));
const parents = new Set([...successors].map((id) => id.slice(0, 5)));
const atlas = new Set(
  atlasTechniques.split(' ').flatMap((item) => {
    const [parent = '', parts] = item.split('.');
    return [parent, ...(parts?.split(',') ?? []).map((part) => `${parent}.${part}`)];
  }),
);

/** The tactics of an ATT&CK 18 technique or sub-technique (`T1213`, `T1213.002`); undefined for an id that is none. */
export function tacticsOf(technique: string): readonly string[] | undefined {
  const known = techniques.get(technique.slice(0, 5));
  // Numbers of sub-techniques are not listed: that the technique has some must do.
  return known !== undefined && (technique.length === 5 || known.hasParts) ? known.tactics : undefined;
}

const isAttack19 = (id: string): boolean =>
  successors.has(id) || parents.has(id) || (tacticsOf(id) !== undefined && !Object.hasOwn(attackSuccessors, id));

const frameworks: Readonly<Record<string, { readonly isKnown: (id: string) => boolean; readonly example: string }>> = {
  'attack-v19': { isKnown: isAttack19, example: 'attack-v19:T1685' },
  atlas: { isKnown: (id) => id.startsWith('AML.') && atlas.has(id.slice(4)), example: 'atlas:AML.T0054' },
  owasp: { isKnown: (id) => /^LLM(?:0[1-9]|10)$/.test(id), example: 'owasp:LLM01' },
};

/** What is wrong with a tag that names an id of a framework; undefined for others and where nothing is. */
export function tagProblem(tag: string): string | undefined {
  const [name = '', id = ''] = tag.split(':');
  const framework = Object.hasOwn(frameworks, name) ? frameworks[name] : undefined;
  if (framework === undefined || framework.isKnown(id)) return undefined;
  const successor = name === 'attack-v19' && Object.hasOwn(attackSuccessors, id) ? attackSuccessors[id] : undefined;
  return successor === undefined
    ? `${tag}: no such id: write it like ${framework.example}`
    : `${tag}: version 19 has ${successor} instead`;
}
