import type { ReactNode } from 'react';

interface NoticeProps {
  readonly kind: 'info' | 'warning' | 'error';
  readonly title?: string;
  readonly children?: ReactNode;
}

/** A boxed remark; errors are announced. */
export function Notice({ kind, title, children }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'note'}>
      <div>
        {title === undefined ? undefined : <strong>{title} </strong>}
        {children}
      </div>
    </div>
  );
}

/** What a tile shows while it waits. */
export const Loading = ({ what = 'Loading' }: { readonly what?: string }) => (
  <p className="loading" role="status">
    {what} …
  </p>
);
