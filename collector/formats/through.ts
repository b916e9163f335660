/** Transforms of Node without their loss: a stream that fails forgets what it had made and nobody had taken yet. */
import type { Transform } from 'node:stream';

/**
 * What a transform makes of chunks. Everything that it made before an error comes before the error; `pieceBytes` bounds
 * what waits in memory. Rejects with the error of the chunks or of the transform.
 */
export async function* through(
  chunks: AsyncIterable<Uint8Array>,
  transform: Transform,
  pieceBytes = 64 * 1024,
): AsyncGenerator<unknown, void> {
  let made: unknown[] = [];
  const failures: unknown[] = [];
  transform.on('data', (value) => void made.push(value));
  transform.on('error', (error) => void failures.push(error));
  const take = (): unknown[] => {
    const taken = made;
    made = [];
    return taken;
  };
  const settled = (act: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      transform.once('close', resolve);
      act(() => {
        transform.off('close', resolve);
        resolve();
      });
    });

  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length && failures.length === 0; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes);
        await settled((done) => transform.write(piece, done));
        yield* take();
      }
      if (failures.length > 0) break;
    }
    if (failures.length === 0) await settled((done) => transform.once('end', done).end());
    yield* take();
  } finally {
    transform.destroy();
  }
  if (failures.length > 0) throw failures[0];
}
