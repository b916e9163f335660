import { checkpointName, segmentFile, segmentFolder, TakenError, type Place } from '../../../collector/state/place.ts';

/** How the next change fails: nothing happened, half of it did, or all of it did and nobody was told. */
export type Fault = 'before' | 'partial' | 'after';

/** A place in memory that fails on demand and is as strict as an append blob: bytes are only ever added at the end. */
export interface MemoryPlace extends Place {
  readonly files: Map<string, Buffer>;
  /** Calls that change something since `failAt`. */
  readonly changes: number;
  /** The change `number` from now (0: the next) fails; with `power: 'off'` all later ones do, too. */
  failAt(number: number, fault: Fault, power: 'on' | 'off'): void;
  /** The place as another process sees it. */
  view(): Place;
  /** What a restart finds: power is back, no fault is planned, nobody holds the lock. */
  restart(): void;
}

export function memoryPlace(): MemoryPlace {
  const files = new Map<string, Buffer>();
  let changes = 0;
  let plan: { at: number; fault: Fault; power: 'on' | 'off' } | undefined;
  let isOff = false;
  let owner: AbortController | undefined;

  async function change(whole: () => void, half: () => void): Promise<void> {
    await Promise.resolve();
    if (isOff) throw new Error('the power is off');
    const planned = plan !== undefined && changes === plan.at ? plan : undefined;
    changes++;
    if (planned === undefined) return whole();
    isOff = planned.power === 'off';
    if (planned.fault === 'partial') half();
    if (planned.fault === 'after') whole();
    throw new Error(`injected: ${planned.fault}`);
  }

  const add = (name: string, offset: number, bytes: Uint8Array): void => {
    const before = files.get(name) ?? Buffer.alloc(0);
    if (before.length !== offset) throw new Error(`memory/${name} has ${before.length} bytes, not ${offset}`);
    files.set(name, Buffer.concat([before, bytes]));
  };

  function view(): Place {
    let own: AbortController | undefined;
    const isOwner = (): boolean => own !== undefined && owner === own;
    /** As a lease is lost: found out by the next change. */
    function checkOwner(): void {
      if (!isOwner()) own?.abort(new TakenError('memory was taken over by another process, nothing was saved'));
      own?.signal.throwIfAborted();
    }
    return {
      name: 'memory',
      async open() {
        if (owner !== undefined) throw new TakenError('memory is in use by another process: stop that process');
        owner = own = new AbortController();
        return own.signal;
      },
      readCheckpoint: async () => files.get(checkpointName)?.toString(),
      replaceCheckpoint: (text) =>
        change(
          () => {
            checkOwner();
            files.set(checkpointName, Buffer.from(text));
          },
          () => undefined,
        ),
      read: async (segment, offset, into) => {
        const piece = (files.get(segment) ?? Buffer.alloc(0)).subarray(offset, offset + into.length);
        into.set(piece);
        return piece.length;
      },
      append: (segment, offset, bytes) =>
        change(
          () => add(segment, offset, bytes),
          () => add(segment, offset, bytes.subarray(0, Math.ceil(bytes.length / 2))),
        ),
      list: async () =>
        [...files]
          .filter(([name]) => {
            const [folder = '', file = ''] = name.split('/', 2);
            return segmentFolder.test(folder) && segmentFile.test(file);
          })
          .map(([name, { length }]) => ({ name, length })),
      remove: (segment) =>
        change(
          () => {
            checkOwner();
            files.delete(segment);
          },
          () => undefined,
        ),
      async close() {
        if (isOwner()) owner = undefined;
        own = undefined;
      },
    };
  }

  return {
    files,
    get changes() {
      return changes;
    },
    failAt(number, fault, power) {
      changes = 0;
      plan = { at: number, fault, power };
    },
    restart() {
      plan = undefined;
      isOff = false;
      owner = undefined;
    },
    view,
    ...view(),
  };
}
