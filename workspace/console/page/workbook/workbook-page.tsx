import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readWorkbook } from '../../../../kql/workbook/read-workbook.ts';
import { getWorkbook, getWorkbooks } from '../api-client.ts';
import { Loading, Notice } from '../shell/notice.tsx';
import { PageHeading } from '../shell/page-heading.tsx';
import { useStatus } from '../shell/use-status.ts';
import { WorkbookView } from './workbook-view.tsx';

/** The page of a workbook, rendered from its file. */
export function WorkbookPage({ file }: { readonly file: string }): ReactNode {
  const { status } = useStatus();
  const { data, error } = useQuery({
    queryKey: ['workbook', file],
    queryFn: async ({ signal }) => readWorkbook(file, await getWorkbook(file, signal)),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  // The navigation has asked for the list: a workbook that cannot be read still has its name.
  const { data: list } = useQuery({ queryKey: ['workbooks'], queryFn: async ({ signal }) => getWorkbooks(signal) });
  if (error !== null)
    return (
      <>
        <PageHeading title={list?.find((one) => one.file === file)?.title ?? file} />
        <Notice kind="error" title="This workbook cannot be shown.">
          {error.message}
        </Notice>
      </>
    );
  // The span of the rows comes with the status: tiles would else ask twice.
  if (data === undefined || status === undefined) return <Loading />;
  return <WorkbookView workbook={data} from={status.span?.from} to={status.span?.to} opensAt={status.version} />;
}
