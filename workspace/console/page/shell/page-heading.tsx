import { type ReactNode, useEffect, useRef } from 'react';

interface PageHeadingProps {
  readonly title: string;
  /** Right of the title, muted. */
  readonly remark?: ReactNode;
  readonly actions?: ReactNode;
}

/** The page's heading, and the title of the window. */
export function PageHeading({ title, remark, actions }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // A page that came late finds the reader waiting in front of it.
  useEffect(() => {
    if (document.activeElement === heading.current?.closest('main')) heading.current?.focus();
  }, []);
  useEffect(() => {
    document.title = `${title} · Copilot Sentinel`;
  }, [title]);
  return (
    <div className="page-heading">
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {remark === undefined ? undefined : <span className="muted">{remark}</span>}
      {actions === undefined ? undefined : <div className="page-actions">{actions}</div>}
    </div>
  );
}
