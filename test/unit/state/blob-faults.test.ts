import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { blobPlace } from '../../../collector/state/blob-place.ts';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import { TakenError } from '../../../collector/state/place.ts';
import type { State } from '../../../collector/state/state.ts';
import { azurite, storageCredential } from '../../azurite.ts';
import { blobRig, hour, opened, pass, type Options } from './blob-rig.ts';
import { deadLetter, dump, guid, note } from './state-dump.ts';
import { storageProxy, type Fate } from '../../storage-proxy.ts';

const all = blobRig();

describe('a store that fails', () => {
  const sources = ['activity-feed'];
  function change(store: State, held: CollectorState, from: number): void {
    held.source('activity-feed').cursor = `cursor ${from}`;
    held.records.evictBefore(hour - 8 + from / 100);
    for (let n = from; n < from + 6; n++) held.records.add(guid(n), hour - (n % 2) * 8 + from / 100);
    held.putAside(deadLetter(`letter ${from}`));
    held.entities.set('file', 'file', note(from));
    store.removeDeadLetters(new Set([`letter ${from - 100}`]));
  }
  const faults: readonly (readonly [string, Fate, number])[] = [
    ['answers 500 once', { kind: 'answer', status: 500, code: 'InternalError' }, 1],
    ['answers 500 on and on', { kind: 'answer', status: 500, code: 'InternalError' }, 1000],
    ['cuts every connection', { kind: 'reset' }, 1000],
    ['does as it is told and cuts the connection', { kind: 'lose the answer' }, 1],
    ['does as it is told, and cuts every connection', { kind: 'lose the answer' }, 1000],
    ['hangs', { kind: 'hang' }, 1000],
    ['does as it is told and never says so', { kind: 'keep the answer' }, 1],
  ];
  test.for(faults)(
    '%s: there is the old state or the new one, and the next save completes',
    async ([, fate, times]) => {
      // Only where nothing is ever said does a short one save time; on a busy machine an answer takes a while.
      const timeoutMs = { hang: 150, 'keep the answer': 500 }[fate.kind as string] ?? 5000;
      let steps = 1;
      for (let step = 0; step < steps; step++) {
        const { bench, place } = await all.rig();
        const { store, held } = await opened(place({ timeoutMs }));
        change(store, held, 0);
        await store.save(held);
        const before = await dump(store, held, sources);
        change(store, held, 100);
        const after = await dump(store, held, sources);
        let requests = 0;
        all.proxy.decide(() => (requests++ >= step && requests <= step + times ? fate : pass));
        const isSaved = await store.save(held).then(
          () => true,
          () => false,
        );
        // As many steps as a save takes that nothing happens to after its first request.
        if (step === 0) steps = Math.max(requests, 8);
        all.proxy.decide(() => pass);

        const copy = await all.freshBench();
        for (const [name, bytes] of await bench.files()) await copy.put(name, bytes);
        const found = await opened(copy.place());
        const loaded = await dump(found.store, found.held, sources);
        await found.store.close();
        expect(isSaved ? [after] : [before, after], `at request ${step}`).toContain(loaded);

        await store.save(held);
        await store.close();
        const last = await opened(bench.place());
        expect(await dump(last.store, last.held, sources), `after request ${step}`).toBe(after);
        await last.store.close();
      }
    },
  );
});

describe('errors name the blob, the code and the remedy', () => {
  const answered = (status: number, code: string) => (): void =>
    all.proxy.decide(() => ({ kind: 'answer', status, code }));
  const at = /^state: https:\/\/127\.0\.0\.1:\d+\/devstoreaccount1\/[\w-]+\/state\/checkpoint\.json: /.source;
  const cases: readonly (readonly [string, () => void, Options, RegExp])[] = [
    [
      'no role',
      answered(403, 'AuthorizationPermissionMismatch'),
      {},
      /AuthorizationPermissionMismatch \(403\): grant the role Storage Blob Data Contributor on the container to the identity \(it can take 10 minutes/,
    ],
    [
      'kept out by the network rules',
      answered(403, 'AuthorizationFailure'),
      {},
      /AuthorizationFailure \(403\): grant .*, and see that firewall, proxy and the network rules/,
    ],
    [
      'no token that is taken',
      answered(401, 'InvalidAuthenticationInfo'),
      {},
      /InvalidAuthenticationInfo \(401\): see that the identity is one of .* tenant, .* and that the clock/,
    ],
    [
      'a token for something else',
      () => undefined,
      { credential: storageCredential('https://management.azure.com') },
      /AuthenticationFailed \(403\): see that .* its token is for https:\/\/storage\.azure\.com/,
    ],
    [
      'no token at all',
      () => undefined,
      {
        credential: {
          getToken: async () => {
            throw Object.assign(new Error('ManagedIdentityCredential: no identity\nsecret'), {
              name: 'CredentialUnavailableError',
            });
          },
        },
      },
      /no token: ManagedIdentityCredential: no identity: see that the identity in AZURE_\* is right$/,
    ],
    [
      'a container that is being deleted',
      answered(409, 'ContainerBeingDeleted'),
      {},
      /ContainerBeingDeleted \(409\): wait until/,
    ],
    ['a service that is busy', answered(503, 'ServerBusy'), {}, /ServerBusy \(503\): it is tried again/],
    [
      'something new',
      answered(418, 'Teapot'),
      {},
      /Teapot \(418\): see that STATE_URL is right, or point it elsewhere$/,
    ],
    [
      'no answer',
      () => all.proxy.decide(() => ({ kind: 'hang' })),
      { leaseSeconds: 15, timeoutMs: 200 },
      /no answer in time: see that firewall, proxy/,
    ],
  ];
  test.for(cases)('%s', async ([, prepare, options, message], { expect }) => {
    const { place } = await all.rig();
    const ours = place(options);
    prepare();
    const error = await ours.open().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).not.toBeInstanceOf(TakenError);
    expect((error as Error).message).toMatch(new RegExp(`${at}${message.source}`));
    expect((error as Error).message).not.toMatch(/secret|RequestId|Bearer|\?/);
    expect(inspect(error, { customInspect: false, showHidden: true, depth: 20 })).not.toMatch(/Bearer|eyJ/);
  });

  test('no container', async () => {
    const place = blobPlace({ containerUrl: `${all.proxy.url}/nowhere`, credential: all.storage.credential });
    await expect(place.open()).rejects.toThrow(
      `state: ${all.proxy.url}/nowhere/checkpoint.json: ContainerNotFound (404): create the container, or correct STATE_URL`,
    );
  });

  test('no such account', async () => {
    const place = blobPlace({
      containerUrl: 'https://contoso.blob.core.windows.invalid/state',
      credential: all.storage.credential,
      retryDelayMs: 1,
    });
    await expect(place.open()).rejects.toThrow(
      /(?:ENOTFOUND|EAI_AGAIN) .*: see that the account name in STATE_URL is right/,
    );
  });

  test('nobody there', async () => {
    const gone = await storageProxy(all.storage);
    await gone.close();
    const place = blobPlace({ containerUrl: `${gone.url}/state`, credential: all.storage.credential, retryDelayMs: 1 });
    await expect(place.open()).rejects.toThrow(/ECONNREFUSED.*: see that firewall, proxy and the network rules/);
  });

  test('a certificate that is not trusted', async () => {
    const stranger = await azurite();
    try {
      const place = blobPlace({
        containerUrl: `${stranger.url}/state`,
        credential: all.storage.credential,
        retryDelayMs: 1,
      });
      await expect(place.open()).rejects.toThrow(/CERT|SIGNATURE.*: trust the authority .* \(NODE_EXTRA_CA_CERTS\)/);
    } finally {
      await stranger.close();
    }
  });

  test.for([
    ['no URL', 'account/container', 'is not a URL'],
    ['no https', 'http://account.blob.core.windows.net/state', 'is not https'],
    ['a key', 'https://account.blob.core.windows.net/state?sv=1&sig=secret', 'has a query'],
    ['no container', 'https://account.blob.core.windows.net/', 'names no container'],
    ['no container behind the account of an emulator', 'https://127.0.0.1:1/devstoreaccount1', 'names no container'],
  ] as const)('an address with %s', ([, containerUrl, message], { expect }) => {
    expect(() => blobPlace({ containerUrl, credential: all.storage.credential })).toThrow(message);
    expect(() => blobPlace({ containerUrl, credential: all.storage.credential })).not.toThrow(/secret/);
  });
});
