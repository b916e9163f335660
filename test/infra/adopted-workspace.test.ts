import { runtime } from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import { adoptedWorkspaces } from '../../infra/adopted-workspace.ts';
import { parseConfiguration } from '../../infra/configuration.ts';
import { ADOPTED_ID } from './runs.ts';

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000002';
const configuration = parseConfiguration(
  { 'copilot-sentinel:workspace.resourceId': ADOPTED_ID },
  { azureTenantId: '00000000-0000-4000-8000-00000000000a', rules: [] },
);
const answers: Readonly<Record<string, Record<string, unknown>>> = {
  'azure-native:operationalinsights:getWorkspace': { customerId: 'invented', location: 'uksouth' },
  'azure-native:securityinsights:getSentinelOnboardingState': { name: 'default' },
};

/** Azure answers everything but the function `missing`. */
const read = async (missing?: string) => {
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

  it('without Sentinel is refused, because it would have to be changed', async () => {
    await expect(read('azure-native:securityinsights:getSentinelOnboardingState')).rejects.toThrow(
      /log-soc has no Microsoft Sentinel: add it there.*404/s,
    );
  });
});
