import { runtime } from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import { adoptedWorkspaces } from '../../infra/adopted-workspace.ts';
import { parseConfiguration } from '../../infra/configuration.ts';
import { ADOPTED_ID } from './runs.ts';

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000002';
const configured = (keys: Readonly<Record<string, string>> = {}) =>
  parseConfiguration(
    { 'copilot-sentinel:workspace.resourceId': ADOPTED_ID, ...keys },
    { azureTenantId: '00000000-0000-4000-8000-00000000000a', rules: [] },
  );
const answers: Readonly<Record<string, Record<string, unknown>>> = {
  'azure-native:operationalinsights:getWorkspace': {
    customerId: 'invented',
    location: 'uksouth',
    retentionInDays: 180,
  },
  'azure-native:securityinsights:getSentinelOnboardingState': { name: 'default' },
};

/** Azure answers everything but the function `missing`. */
const read = async (missing?: string, configuration = configured()) => {
  await runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ token }) => {
      const answer = answers[token];
      // As gRPC's errors tell it.
      if (answer === undefined || token === missing)
        throw Object.assign(new Error(), { code: 2, details: `404 for ${token}` });
      return answer;
    },
  });
  return adoptedWorkspaces(configuration, SUBSCRIPTION, {});
};

describe('an existing workspace', () => {
  it('tells its region and the id of queries', async () => {
    expect(await read()).toMatchObject([{ customerId: 'invented', location: 'uksouth', provider: undefined }]);
  });

  it('that cannot be read is named, with what to check and what Azure said', async () => {
    await expect(read('azure-native:operationalinsights:getWorkspace')).rejects.toThrow(
      /log-soc cannot be read: check the id.*404/s,
    );
  });

  const RETENTION = 'copilot-sentinel:tables.retentionInDays';
  const TOTAL = 'copilot-sentinel:tables.totalRetentionInDays';
  it.each([{ [TOTAL]: '180' }, { [TOTAL]: '-1' }, { [TOTAL]: '90', [RETENTION]: '30' }])(
    'keeps rows for 180 days: tables with %o fit',
    async (keys) => {
      expect(await read(undefined, configured(keys))).toMatchObject([{ retentionInDays: 180 }]);
    },
  );

  it('that keeps rows for longer than the tables may is refused, because they take its retention', async () => {
    await expect(read(undefined, configured({ [TOTAL]: '179' }))).rejects.toThrow(
      /totalRetentionInDays is 179, less than the 180 days of workspace log-soc: make it -1 or at least 180/,
    );
  });

  it('without Sentinel is refused, because it would have to be changed', async () => {
    await expect(read('azure-native:securityinsights:getSentinelOnboardingState')).rejects.toThrow(
      /log-soc has no Microsoft Sentinel: add it there.*404/s,
    );
  });
});
