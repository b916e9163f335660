import { Link } from 'wouter';
import { PageHeading } from './page-heading.tsx';

/** An address that is none. */
export const NotFound = () => (
  <>
    <PageHeading title="No such page" />
    <p>
      There is nothing at this address. Go to the <Link href="/">overview</Link>.
    </p>
  </>
);
