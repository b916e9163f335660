/** Saves in a loop and prints the number of each save that has resolved, until it is killed. */
import { diskPlace } from '../../../collector/state/disk-place.ts';
import { state } from '../../../collector/state/state.ts';
import { deadLetter, guid, note } from './state-dump.ts';

const [directory = '', hour = ''] = process.argv.slice(2);
const store = state(diskPlace(directory));
const held = await store.load();
const feed = held.source('activity-feed');
for (let save = Number(feed.cursor ?? 0) + 1; save < 10_000; save++) {
  for (let n = (save - 1) * 10; n < save * 10; n++) held.records.add(guid(n), Number(hour) + (n % 5));
  held.putAside(deadLetter(`letter ${save}`));
  held.entities.set('file', `file ${save}`, note(save));
  feed.cursor = String(save);
  await store.save(held);
  process.stdout.write(`${save}\n`);
}
