import type { ReactNode } from 'react';
import ReactMarkdown from 'react-markdown';

/** Markdown without HTML and without pictures; links open a window of their own. */
export function Markdown({ text, level }: { readonly text: string; readonly level: 2 | 3 | 4 }): ReactNode {
  const First = `h${level}` as const;
  const Second = `h${level === 4 ? 4 : level === 3 ? 4 : 3}` as const;
  return (
    <ReactMarkdown
      skipHtml
      disallowedElements={['img']}
      components={{
        h1: ({ children }) => <First>{children}</First>,
        h2: ({ children }) => <First>{children}</First>,
        h3: ({ children }) => <Second>{children}</Second>,
        h4: ({ children }) => <Second>{children}</Second>,
        a: ({ href, children }) => (
          <a href={href} target="_blank" rel="noreferrer noopener">
            {children}
          </a>
        ),
      }}
    >
      {text}
    </ReactMarkdown>
  );
}
