import type { ExportBlob, ExportContainer } from '../sources/storage-export/blobs.ts';
import type { Line } from './check-graph.ts';

const FIRST_BYTES = 16;

/** A line for each container of exports: lists it, and reads the first bytes of a blob in it. Never rejects. */
export async function exportLines(
  containers: readonly ExportContainer[],
  signal: AbortSignal,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const container of containers) {
    const { level, text } = await lineOf(container, signal).catch((error: unknown): Line => {
      return { level: 'FAIL', text: error instanceof Error ? error.message : String(error) };
    });
    lines.push({ level, text: `storage export: ${text}` });
  }
  return lines;
}

async function lineOf(container: ExportContainer, signal: AbortSignal): Promise<Line> {
  const { url } = container;
  const blob = await firstOf(container, signal);
  if (blob === undefined)
    return {
      level: 'warn',
      text: `${url}: nothing there yet, so reading was not tried: producers make the container when they first write`,
    };
  // To list takes less than to read: the data plane has a role of its own.
  const opened = await container.open(blob, { offset: 0, count: FIRST_BYTES }, signal);
  if (!opened.ok) return { level: 'FAIL', text: `${url}/${blob.name}: ${opened.reason}` };
  opened.bytes.destroy();
  return { level: 'pass', text: `${url}: listed, and ${blob.name} can be read` };
}

/** The first blob that has bytes to read. */
async function firstOf(container: ExportContainer, signal: AbortSignal): Promise<ExportBlob | undefined> {
  for await (const blob of container.list(signal)) if (blob.length > 0 && !blob.isArchived) return blob;
  return undefined;
}
