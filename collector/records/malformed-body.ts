/** Why a body is no JSON array of records. */
export type MalformedReason = 'not-an-array' | 'truncated' | 'trailing-bytes' | 'syntax';

/** Thrown when a body is not one complete JSON array; elements handed over before stay valid. */
export class MalformedBody extends Error {
  override readonly name = 'MalformedBody';
  readonly reason: MalformedReason;

  constructor(reason: MalformedReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
