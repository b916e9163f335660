import type { ReactNode } from 'react';
import { ownValue } from './own-value.ts';

interface Sign {
  readonly path: string;
  readonly property: string;
  readonly label: string;
}

const circle = 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Z';
const signs = {
  success: { path: `${circle}m3.6 4.9-4.4 5-2.6-2.5 1-1 1.5 1.5L10.4 5Z`, property: '--data-green', label: 'Good' },
  warning: {
    path: 'M8 1.2 15.4 14.4H.6ZM7.2 6v4.2h1.6V6Zm0 5.4V13h1.6v-1.6Z',
    property: '--data-orange',
    label: 'Warning',
  },
  error: { path: `${circle}m-.8 3h1.6v5H7.2Zm0 6.3h1.6v1.6H7.2Z`, property: '--data-red', label: 'Bad' },
  info: {
    path: `${circle}m-.8 3h1.6v1.6H7.2Zm0 3h1.6v5H7.2Z`,
    property: '--data-blue',
    label: 'Information',
  },
  disabled: { path: `${circle}M4 7.2h8v1.6H4Z`, property: '--data-gray', label: 'Off' },
  up: { path: 'M8 2.5 13.5 9H10v4.5H6V9H2.5Z', property: '--data-gray', label: 'Up' },
  down: { path: 'M8 13.5 2.5 7H6V2.5h4V7h3.5Z', property: '--data-gray', label: 'Down' },
  pending: {
    path: `${circle}m-.8 3h1.6v4l3 1.8-.800 1.3-3.8-2.3Z`,
    property: '--data-gray',
    label: 'Waiting',
  },
  unknown: {
    path: `${circle}m-.8 9.3h1.6v1.6H7.2ZM8 3.8c1.7 0 2.7 1 2.7 2.3 0 1.6-1.9 1.9-1.9 3.2H7.2c0-2 1.9-2.2 1.9-3.1 0-.5-.4-.9-1.1-.9-.8 0-1.2.5-1.2 1.2H5.2C5.2 4.9 6.3 3.8 8 3.8Z`,
    property: '--data-gray',
    label: 'Unknown',
  },
  person: {
    path: 'M8 1.5a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4ZM2 14.5c0-3.2 2.6-5.2 6-5.2s6 2 6 5.2Z',
    property: '--data-gray-blue',
    label: 'Person',
  },
  bot: {
    path: 'M7.3 1h1.4v2.2H13V13H3V3.2h4.3ZM5.6 6.2v2h1.6v-2Zm3.2 0v2h1.6v-2ZM5.5 10v1.2h5V10ZM1 6.5h1.2v3.5H1Zm12.8 0H15v3.5h-1.2Z',
    property: '--data-violet',
    label: 'Agent',
  },
} satisfies Record<string, Sign>;

type SignName = keyof typeof signs;

// What workbooks call the icons of thresholds. Numbers rise with severity: 1 tells, 2 warns, 3 and 4 are errors
// (UNVERIFIED: as seen in shipped workbooks, where 2 stands beside success and 4). Sev0 is the worst alert severity.
const names: Readonly<Record<string, SignName>> = {
  success: 'success',
  normal: 'success',
  '1': 'info',
  info: 'info',
  informational: 'info',
  sev3: 'info',
  sev4: 'info',
  '2': 'warning',
  warning: 'warning',
  sev2: 'warning',
  '3': 'error',
  '4': 'error',
  critical: 'error',
  error: 'error',
  failed: 'error',
  unavailable: 'error',
  sev0: 'error',
  sev1: 'error',
  disabled: 'disabled',
  stopped: 'disabled',
  cancelled: 'disabled',
  trendup: 'up',
  up: 'up',
  trenddown: 'down',
  down: 'down',
  pending: 'pending',
  inprogress: 'pending',
  unknown: 'unknown',
  person: 'person',
  bot: 'bot',
};

/** The sign that a workbook's name of an icon stands for; undefined for none, and for names that are not known. */
export function signName(representation: string): SignName | undefined {
  return ownValue(names, representation.toLowerCase());
}

/** A sign with its meaning in words. */
export function Icon({ representation }: { readonly representation: string }): ReactNode {
  const name = signName(representation);
  if (name === undefined) return null;
  const sign = signs[name];
  return (
    <svg className="icon" viewBox="0 0 16 16" role="img" aria-label={sign.label}>
      <path d={sign.path} fill={`var(${sign.property})`} fillRule="evenodd" />
    </svg>
  );
}
