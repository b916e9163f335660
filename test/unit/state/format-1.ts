/** A state as version 0.1.0 wrote it in format 1: the files, by name. */
export const format1: ReadonlyMap<string, Buffer> = new Map([
  [
    'checkpoint.json',
    Buffer.from(
      '{"format":1,"crc32":1320410737,"content":{"written":"2026-10-01T12:00:00.000Z","records":[' +
        '{"name":"records/2026-10-01T11.ids","length":32,"crc32":2573622990,"hour":497459},' +
        '{"name":"records/2026-10-01T12.ids","length":48,"crc32":577554164,"hour":497460}],' +
        '"sources":{"activity-feed":{"cursor":"cursor of format 1",' +
        '"blobs":[{"name":"activity-feed.blobs/2026-10-01T12.ids","length":16,"crc32":2991902692,"hour":497460}],' +
        '"parked":[{"id":"blob 1","uri":"https://manage.example/blob-1","created":"2026-10-01T10:00:00.000Z",' +
        '"expires":"2026-10-08T10:00:00.000Z","reason":"bad JSON","tries":2}],' +
        '"ledger":[{"hour":497460,"revision":0,"unsent":true,"counts":{"listed":3,"fetched":0,"expired":0,"parked":0,' +
        '"pending":0,"seen":0,"foreign":0,"selected":0,"unparsable":0,"accepted":0,"duplicate":0,"deadLettered":0}}]}},' +
        '"deadLetters":[{"name":"dead-letters/2026-10-01.ndjson","length":200,"crc32":3009681614,"day":20727}]}}\n',
    ),
  ],
  ['records/2026-10-01T11.ids', Buffer.from('AAAAAABAAAAAAACAAQAAAAAAAAAAQAAAAAAAgAMAAAA=', 'base64')],
  [
    'records/2026-10-01T12.ids',
    Buffer.from('AAAAAABAAAAAAACAAAAAAAAAAAAAQAAAAAAAgAIAAAAAAAAAAEAAAAAAAIAEAAAA', 'base64'),
  ],
  ['activity-feed.blobs/2026-10-01T12.ids', Buffer.from('zA0MIHtga6b2TLW0euT/CQ==', 'base64')],
  [
    'dead-letters/2026-10-01.ndjson',
    Buffer.from(
      '{"id":"letter 1","source":"activity-feed","time":"2026-10-01T00:00:00.000Z","kind":"rejected",' +
        '"reason":"CreationTime is missing","contentCreated":null,"record":{"Id":"letter 1","Workload":"Copilot"}}\n',
    ),
  ],
]);
