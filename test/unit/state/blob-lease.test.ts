import type { BlobLeaseClient } from '@azure/storage-blob';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { blobLease } from '../../../collector/state/blob-lease.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is lost when its time is over, also while a renewal hangs and heeds no abort', async () => {
  const client = {
    leaseId: '0a0a0a0a-0000-4000-8000-000000000001',
    acquireLease: async () => ({}),
    renewLease: () => new Promise<never>(() => undefined),
    releaseLease: async () => ({}),
  } as unknown as BlobLeaseClient;
  const lease = await blobLease({
    url: 'https://contosostate.blob.core.windows.net/collector/checkpoint.json',
    make: async () => undefined,
    taker: client,
    keeper: client,
    seconds: 60,
    renewEveryMs: 20_000,
    timeoutMs: 60_000,
    now: () => performance.now(),
    onTrouble: () => undefined,
  });
  await vi.advanceTimersByTimeAsync(54_000);
  expect(lease.lost.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1500);
  expect(lease.lost.aborted).toBe(true);
  expect(String(lease.lost.reason)).toContain('the lease may be over');
});
