import type { Facts } from '../enrich/facts.ts';
import type { InteractionEvent } from '../records/audit-record.ts';
import { toMainDocument } from '../records/document.ts';
import { toOneDriveAccount } from '../records/one-drive-account.ts';
import type { CopilotAuditRow } from '../schema/index.ts';

function ownerOf(account: string | null, actor: string | null): string | null {
  if (account === null) return null;
  return actor !== null && actor.includes('@') && toOneDriveAccount(actor) === toOneDriveAccount(account)
    ? actor
    : account;
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
