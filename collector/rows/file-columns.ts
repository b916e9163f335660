import type { Facts } from '../enrich/facts.ts';
import type { InteractionEvent } from '../records/audit-record.ts';
import { toMainDocument } from '../records/document.ts';
import type { CopilotAuditRow } from '../schema/index.ts';

// SharePoint names a OneDrive by the user principal name with every other character than letters and digits as `_`.
const toAccount = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '_');

function ownerOf(account: string | null, actor: string | null): string | null {
  if (account === null) return null;
  return actor !== null && actor.includes('@') && toAccount(actor) === toAccount(account) ? actor : account;
}

/** Columns about the file that stands in the row, by its address; what the address hides, by look-up. */
export function fileColumns(
  event: InteractionEvent,
  actor: string | null,
  { file, siteOwner }: Facts,
): Partial<CopilotAuditRow> {
  const document = toMainDocument(event);
  if (document === null) return {};
  return {
    FileName: document.name ?? file?.name ?? null,
    FileExtension: document.extension ?? file?.extension ?? null,
    FileUrl: document.url,
    FileSizeBytes: file?.sizeBytes ?? null,
    FileModifiedTime: file?.modifiedTime ?? null,
    SiteUrl: document.site?.url ?? null,
    SiteName: document.site?.name ?? null,
    SiteOwner: siteOwner ?? ownerOf(document.site?.oneDriveAccount ?? null, actor),
  };
}
