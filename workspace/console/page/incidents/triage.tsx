import Markdown from 'react-markdown';
import { triageMarkdown } from './triage-markdown.ts';

/** What the rule's author says of it. Raw HTML and pictures in it are not rendered. */
export const Triage = ({ description }: { readonly description: string }) => (
  <div className="prose">
    <Markdown disallowedElements={['img']}>{triageMarkdown(description)}</Markdown>
  </div>
);
