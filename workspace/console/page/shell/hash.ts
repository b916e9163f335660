/** Addresses of the page: everything is behind the `#`, so that a view can be shared and the server serves one page. */

/** `#/query?q=T` is the path `/query` and the search `q=T`. */
export function splitHash(hash: string): { readonly path: string; readonly search: string } {
  const text = hash.replace(/^#/, '');
  const mark = text.indexOf('?');
  const path = mark === -1 ? text : text.slice(0, mark);
  return { path: path.startsWith('/') ? path : `/${path}`, search: mark === -1 ? '' : text.slice(mark + 1) };
}

/** The address that opens a query in the editor. */
export const queryHref = (query: string): string => `#/query?q=${encodeURIComponent(query)}`;

/** The address of an incident's page. */
export const incidentHref = (id: string): string => `#/incidents/${encodeURIComponent(id)}`;

/** The address of a workbook's page. */
export const workbookHref = (file: string): string => `#/workbooks/${encodeURIComponent(file)}`;
