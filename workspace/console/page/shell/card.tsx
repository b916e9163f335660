import { type ReactNode, useId } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';

interface CardProps {
  readonly title: string;
  /** Right of the title: a link, a count. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled region; what breaks in it stays in it. */
export function Card({ title, aside, className = '', children }: CardProps) {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {aside === undefined ? undefined : <div className="small muted">{aside}</div>}
      </div>
      <div className="card-body">
        <ErrorBoundary what={title}>{children}</ErrorBoundary>
      </div>
    </section>
  );
}
