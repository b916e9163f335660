/** Whether the identifiers of entities are what Sentinel takes them for. */
import { isIP } from 'node:net';
import type { Alert } from '../../workspace/rules/alert.ts';

const isGuid = (value: string): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
const isAddress = (value: string): boolean => isIP(value) > 0;
const isUrl = (value: string): boolean => /^https?:\/\//i.test(value) && URL.canParse(value);

const shapes: Readonly<Record<string, readonly [fits: (value: string) => boolean, shape: string]>> = {
  'Account AadUserId': [isGuid, 'GUID'],
  'Account AadTenantId': [isGuid, 'GUID'],
  'IP Address': [isAddress, 'IP address'],
  'URL Url': [isUrl, 'URL'],
};

/** Each identifier of an alert that has not the shape of its kind, with what to do; a wrong one makes an entity of its own. */
export const misshapen = ({ entities }: Alert): readonly string[] =>
  entities.flatMap(({ type, identifiers }) =>
    Object.entries(identifiers).flatMap(([identifier, value]) => {
      const [fits, shape] = shapes[`${type} ${identifier}`] ?? [];
      if (fits === undefined || fits(value)) return [];
      return [`${type} ${identifier} = ${value}: no ${shape}: leave the column empty where it holds none`];
    }),
  );
