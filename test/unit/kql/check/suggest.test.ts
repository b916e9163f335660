import { describe, expect, it } from 'vitest';
import { didYouMean, suggest } from '../../../../kql/engine/suggest.ts';

describe('suggest', () => {
  it.for([
    ['ActorNam', ['AgentName', 'ActorName', 'ActorUserId'], 'ActorName'],
    ['actorname', ['ActorName'], 'ActorName'],
    ['Mesages', ['MessageIds', 'Messages'], 'Messages'],
    // A third of the length: 5 edits in 17 characters.
    ['SensitivityLabels', ['SensitivityLabelId', 'Scope'], 'SensitivityLabelId'],
    ['Whatever', ['ActorName', 'AppHost'], undefined],
    // Three letters and two edits: another word.
    ['abc', ['axy', 'b'], undefined],
    ['ab', ['abc', 'a'], undefined],
    ['Same', ['Same'], undefined],
    ['x', [], undefined],
  ] as const)('of %s among %j is %s', ([name, candidates, expected]) => {
    expect(suggest(name, candidates)).toBe(expected);
  });

  it('takes the first of equally close names', () => expect(suggest('Event', ['Events', 'EventX'])).toBe('Events'));

  it('is put behind a message, or leaves it alone', () => {
    expect(`unknown${didYouMean('Evnts', ['Events'])}`).toBe('unknown; did you mean Events?');
    expect(`unknown${didYouMean('Evnts', ['Rows'])}`).toBe('unknown');
  });
});
