import type { DeadLetter } from '../contracts.ts';
import { stateRemedy } from './checkpoint.ts';
import { heldState, type CollectorState, type HeldState, type SaveReport } from './held-state.ts';
import { checkpointName, type Place } from './place.ts';

/** Keeps the state of one collector at one place. */
export interface State {
  /**
   * Becomes the place's only writer and reads what was saved last. Rejects with a TakenError while another process is the
   * writer; rejects, and lets go, when what was saved cannot be used. May be called again once `lost` has aborted.
   */
  load(): Promise<CollectorState>;
  /**
   * One atomic commit of everything in `state`, which must be what `load` gave. To be called after the rows are
   * accepted, never before. When it rejects, the place holds the old state or the new one, and the save may be tried
   * again, unless `lost` has aborted. Calls wait for each other.
   */
  save(state: CollectorState): Promise<SaveReport>;
  /** The dead letters that wait, oldest first, unsaved ones included. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Forgets dead letters with the next save; unknown ids are no error. */
  removeDeadLetters(ids: ReadonlySet<string>): void;
  /** Lets the place go after a running save, also when it is lost; saves nothing. `load` may follow. */
  close(): Promise<void>;
}

interface StateOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Version of the collector; a checkpoint names the one that wrote it. */
  readonly version?: string;
  /** Notes of entities held in memory: about 20 MB for the default of 200,000. */
  readonly entitiesMax?: number;
  /** Tenant that is collected from, lower case: the state of another one is refused. */
  readonly tenantId?: string | undefined;
}

/** The state at a place. */
export function state(
  place: Place,
  { now = Date.now, version = 'unknown', entitiesMax = 200_000, tenantId }: StateOptions = {},
): State {
  let held: HeldState | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other, whatever became of the one before. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act, act);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function letGo(): Promise<void> {
    if (held === undefined) return;
    held = undefined;
    await place.close();
  }

  function loaded(): HeldState {
    if (held === undefined) throw new Error(`state: ${place.name} is not loaded: call load() first`);
    return held;
  }

  return {
    load: () =>
      inTurn(async () => {
        if (held !== undefined && !held.state.lost.aborted)
          throw new Error(`state: ${place.name} is loaded already: use the state it gave`);
        await letGo();
        const lost = await place.open();
        try {
          const fresh = heldState(place, { now, version, lost, entitiesMax, tenantId });
          const text = await place.readCheckpoint();
          if (text !== undefined) await fresh.restore(text);
          else if ((await place.list()).length > 0)
            throw new Error(`state: ${place.name} has segments but no ${checkpointName}: ${stateRemedy}`);
          // At once, so that a checkpoint that is missing later is known to be lost.
          else await fresh.commit();
          held = fresh;
        } catch (error) {
          await place.close();
          throw error;
        }
        return held.state;
      }),
    save: (of) =>
      inTurn(async () => {
        if (of !== loaded().state) throw new Error(`state: ${place.name}: save what load() gave`);
        return loaded().commit();
      }),
    deadLetters: () => inTurn(async () => loaded().letters.all()),
    removeDeadLetters: (ids) => loaded().letters.remove(ids),
    close: () => inTurn(letGo),
  };
}
