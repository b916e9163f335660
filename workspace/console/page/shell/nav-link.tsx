import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon } from './icons.tsx';

interface NavLinkProps {
  readonly to: string;
  /** Where the reader is. */
  readonly path: string;
  readonly icon: Parameters<typeof Icon>[0]['name'];
  readonly children: ReactNode;
}

/** A link of the navigation; marked where the reader is there, or on a page below it. */
export function NavLink({ to, path, icon, children }: NavLinkProps) {
  const isHere = path === to || (to !== '/' && path.startsWith(`${to}/`));
  return (
    <Link href={to} aria-current={isHere ? 'page' : undefined}>
      <Icon name={icon} />
      {children}
    </Link>
  );
}
