const paths = {
  overview: 'M2 2h5v6H2zM9 2h5v4H9zM9 8h5v6H9zM2 10h5v4H2z',
  incidents: 'M8 1.5 15 14H1ZM8 6v4M8 11.8v.4',
  workbook: 'M3 1.5h8l2.5 2.5v10.5H3ZM5.5 11V8M8 11V6M10.5 11V9',
  query: 'M2 3.5 6 8l-4 4.5M8 12.5h6',
  health: 'M1.5 8.5h3l2-5 3 9 2-4h3',
} as const;

/** Decoration beside a word. */
export const Icon = ({ name }: { readonly name: keyof typeof paths }) => (
  <svg
    width="16"
    height="16"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.4"
    strokeLinejoin="round"
    strokeLinecap="round"
    aria-hidden="true"
  >
    <path d={paths[name]} />
  </svg>
);
