/** A stream of bytes, in chunks of any length. */
export type Bytes = AsyncIterable<Uint8Array>;

/** The first bytes, until `isEnough` says so, and all bytes from the first; the error of reading ahead comes in its place. */
export async function peek(
  bytes: Bytes,
  isEnough: (head: Uint8Array) => boolean,
): Promise<{ head: Uint8Array; bytes: Bytes }> {
  const reader = bytes[Symbol.asyncIterator]();
  let head: Uint8Array = Buffer.alloc(0);
  let failure: { readonly error: unknown } | undefined;
  let isDone = false;
  while (!isDone && failure === undefined && !isEnough(head)) {
    try {
      const next = await reader.next();
      isDone = next.done === true;
      // Most often the first chunk is enough, and stays as it is.
      if (next.done !== true) head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    } catch (error) {
      failure = { error };
    }
  }
  async function* all(): AsyncGenerator<Uint8Array, void> {
    try {
      if (head.length > 0) yield head;
      if (failure !== undefined) throw failure.error;
      if (isDone) return;
      for (;;) {
        const next = await reader.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await reader.return?.();
    }
  }
  return { head, bytes: all() };
}
