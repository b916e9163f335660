import { describe, expect, it } from 'vitest';
import { ConfigError, toConfig } from '../../collector/config.ts';

const good = {
  TENANT_ID: '0a0a0a0a-0000-4000-8000-000000000001',
  INGESTION_URL: 'file:///var/rows',
  SOURCES: 'activity-feed,storage-export',
  STORAGE_EXPORT_URL: 'https://logs.blob.core.windows.net/dump',
  IDENTITY_ENDPOINT: 'http://127.0.0.1/token',
  IDENTITY_HEADER: 'invented',
};
const config = (env: Readonly<Record<string, string>>) => toConfig({ ...good, ...env }, new Set(['tenant', 'rows']));
function problems(env: Readonly<Record<string, string>>): string {
  try {
    config(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('the configuration of storage-export', () => {
  it('is where exports lie, and little else', () => {
    expect(config({}).exports).toEqual({
      addresses: [{ container: 'https://logs.blob.core.windows.net/dump', prefix: '' }],
      format: 'auto',
      keepDays: 30,
    });
    const more = { STORAGE_EXPORT_FORMAT: 'audit-data', STORAGE_EXPORT_DAYS: '90' };
    expect(config(more).exports).toMatchObject({ format: 'audit-data', keepDays: 90 });
  });

  it('may name several places', () => {
    const urls = ['https://logs.blob.core.windows.net/dump', 'https://more.blob.core.windows.net/add/b'];
    expect(config({ STORAGE_EXPORT_URL: urls.join(', ') }).exports.addresses).toEqual([
      { container: urls[0], prefix: '' },
      { container: 'https://more.blob.core.windows.net/add', prefix: 'b/' },
    ]);
  });

  it('is not looked at, and reads nothing, without the source', () => {
    expect(config({ SOURCES: 'activity-feed' }).exports.addresses).toEqual([]);
    expect(problems({ SOURCES: 'activity-feed', STORAGE_EXPORT_URL: '' })).toBe('');
  });

  it.for([
    [{ STORAGE_EXPORT_URL: '' }, /STORAGE_EXPORT_URL is missing: SOURCES names storage-export.*account/],
    [{ STORAGE_EXPORT_URL: ',' }, /STORAGE_EXPORT_URL is missing/],
    [{ STORAGE_EXPORT_URL: 'http://logs.blob.core.windows.net' }, /STORAGE_EXPORT_URL=http.*is not https/],
    [{ STORAGE_EXPORT_URL: 'https://logs.blob.core.windows.net/add?sig=KEY' }, /shared access signature/],
    [
      {
        STORAGE_EXPORT_URL:
          'https://logs.blob.core.windows.net/add,https://more.blob.core.windows.net/bag?sp=r&sig=KEY',
      },
      /more\.blob\.core\.windows\.net\/bag, which has a shared access signature/,
    ],
    [
      { STORAGE_EXPORT_FORMAT: 'csv' },
      /STORAGE_EXPORT_FORMAT=csv must be one of auto, cloud-app-events, copilot-activity, audit-data/,
    ],
    [{ STORAGE_EXPORT_DAYS: '0' }, /STORAGE_EXPORT_DAYS=0 must be a whole number from 1 to 3650/],
  ] as const)('is refused with what to do, and never with a key: %s', ([env, problem]) => {
    expect(problems(env)).toMatch(problem);
    expect(problems(env)).not.toContain('KEY');
  });

  it('tells every problem at once', () => {
    const all = problems({ STORAGE_EXPORT_URL: 'ftp://x', STORAGE_EXPORT_FORMAT: 'x', STORAGE_EXPORT_DAYS: 'x' });
    for (const name of ['STORAGE_EXPORT_URL', 'STORAGE_EXPORT_FORMAT', 'STORAGE_EXPORT_DAYS'])
      expect(all).toContain(`- ${name}=`);
  });

  it('needs the identity that works in Azure, also where rows and state stay on this machine', () => {
    const reader = { SOURCE_CLIENT_ID: '0a0a0a0a-0000-4000-8000-000000000002', SOURCE_CLIENT_SECRET: 'invented' };
    const alone = { ...reader, IDENTITY_ENDPOINT: '', IDENTITY_HEADER: '' };
    expect(problems(alone)).toContain('no credential');
    expect(problems({ ...alone, SOURCES: 'activity-feed' })).toBe('');
  });
});
