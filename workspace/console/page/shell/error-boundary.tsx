import { Component, type ReactNode } from 'react';
import { Notice } from './notice.tsx';

interface Props {
  /** Changes when what is shown is another thing: then it is tried again. */
  readonly what: string;
  readonly children: ReactNode;
}

/** Shows what broke in its place and leaves the rest of the page. */
export class ErrorBoundary extends Component<
  Props,
  { readonly failure: { what: string; reason: string } | undefined }
> {
  override state: { readonly failure: { what: string; reason: string } | undefined } = { failure: undefined };

  override componentDidCatch(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.setState({ failure: { what: this.props.what, reason } });
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined || failure.what !== this.props.what) return this.props.children;
    return (
      <Notice kind="error" title={`${failure.what} cannot be shown.`}>
        {failure.reason}
      </Notice>
    );
  }
}
