import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { getWorkbooks } from '../api-client.ts';
import { NavLink } from './nav-link.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

interface SidebarProps {
  readonly path: string;
  readonly incidentCount: number;
}

function Workbooks({ path }: { readonly path: string }) {
  const { data, error } = useQuery({ queryKey: ['workbooks'], queryFn: async ({ signal }) => getWorkbooks(signal) });
  if (error !== null) return <p className="nav-heading">The list of workbooks cannot be read: {error.message}</p>;
  return (
    <ul className="nav-list">
      {(data ?? []).map(({ file, title, problem }) => (
        <li key={file}>
          <NavLink to={`/workbooks/${encodeURIComponent(file)}`} path={path} icon="workbook">
            {title}
            {problem === null ? undefined : (
              <span className="nav-problem" title={problem}>
                ! broken
              </span>
            )}
          </NavLink>
        </li>
      ))}
    </ul>
  );
}

/** Name, navigation and colours: a column at the left, a menu on a small screen. */
export function Sidebar({ path, incidentCount }: SidebarProps) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  return (
    <header className="sidebar" data-open={isOpen}>
      <Link className="brand" href="/">
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M10 1 18 4v6c0 4.5-3.3 7.6-8 9-4.7-1.4-8-4.5-8-9V4Z" fill="#2f81d6" />
          <path
            d="M5.5 10.5h2l1.5-4 2.2 7 1.4-3h2"
            fill="none"
            stroke="#fff"
            strokeWidth="1.5"
            strokeLinejoin="round"
          />
        </svg>
        Copilot Sentinel
      </Link>
      <button
        type="button"
        className="menu-button"
        aria-expanded={isOpen}
        aria-controls="navigation"
        onClick={() => setOpen(!isOpen)}
      >
        Menu
      </button>
      <nav id="navigation" aria-label="Main">
        <ul className="nav-list">
          <li>
            <NavLink to="/" path={path} icon="overview">
              Overview
            </NavLink>
          </li>
          <li>
            <NavLink to="/incidents" path={path} icon="incidents">
              Incidents
              {incidentCount === 0 ? undefined : <span className="nav-count">{incidentCount}</span>}
            </NavLink>
          </li>
          <li>
            <NavLink to="/query" path={path} icon="query">
              Query
            </NavLink>
          </li>
          <li>
            <NavLink to="/health" path={path} icon="health">
              Health
            </NavLink>
          </li>
        </ul>
        <h2 className="nav-heading nav-section">Workbooks</h2>
        <Workbooks path={path} />
      </nav>
      <div className="sidebar-foot">
        <ThemeSwitch />
        <p className="nav-note">Times are UTC.</p>
      </div>
    </header>
  );
}
