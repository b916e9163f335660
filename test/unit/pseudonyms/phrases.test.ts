import { describe, expect, it } from 'vitest';
import { phrases, type PhraseSpelling } from '../../../collector/pseudonyms/phrases.ts';

const found = (spelling: PhraseSpelling, known: readonly string[], text: string): string => {
  const all = phrases(spelling);
  for (const phrase of known) all.add(phrase);
  return all.replace(text, (phrase) => `<${phrase}>`);
};

describe('a phrase', () => {
  it.for([
    ['names', ['ann bo', 'ann bo li'], 'Ann Bo-Li, ann_bo', '<ann bo li>, <ann bo>'],
    ['names', ['ann bo li'], 'ann bo ann bo li', 'ann bo <ann bo li>'],
    ['names', ['bo, ann'], 'of Bo, Ann and bo%20ann%2520bo ann', 'of <bo, ann> and <bo, ann>%2520<bo, ann>'],
    ['names', ['ann bo'], 'ann bob, joann bo, ann and bo', 'ann bob, joann bo, ann and bo'],
    ['aliases', ['ann.bo'], 'CV-ann.bo.docx x_ANN.BO@', 'CV-<ann.bo>.docx x_<ann.bo>@'],
    ['aliases', ['ann.bo'], 'ann_bo ann bo', 'ann_bo ann bo'],
    ['aliases', ['_ann.bo.'], 'x _ann.bo. x', 'x _<_ann.bo.>. x'],
    ['aliases', ['ann_x_example_ext__y_example'], '/ann_x_example_ext__y_example/', '/<ann_x_example_ext__y_example>/'],
  ] as const)('of %s, one of %j, in %j is found where it stands whole: %s', ([spelling, known, text, out]) => {
    expect(found(spelling, known, text)).toBe(out);
  });

  it('that is forgotten is found no more, and others of its beginning are', () => {
    const all = phrases('names');
    for (const name of ['ann bo', 'ann bo li', 'ann-bo']) all.add(name);
    // It was met under another spelling since.
    all.delete('ann bo');
    expect(all.replace('ann bo', (name) => `<${name}>`)).toBe('<ann-bo>');
    all.delete('ann-bo');
    expect(all.replace('ann bo, ann bo li', (name) => `<${name}>`)).toBe('ann bo, <ann bo li>');
    all.delete('ann bo li');
    expect(all.replace('ann bo li', (name) => `<${name}>`)).toBe('ann bo li');
  });
});
