import type { Resource } from '@pulumi/pulumi';
import { Workbook } from '@pulumi/azure-native/applicationinsights/workbook.js';
import { inWorkspace } from '../workspace.ts';
import type { ContentSite } from './content-site.ts';
import type { Workbook as WorkbookFile } from './read-workbooks.ts';

/** Creates the workbooks in the workspace's group, in its Sentinel gallery, after the functions that they read. */
export const workbooks = (
  files: readonly WorkbookFile[],
  site: ContentSite,
  functions: readonly Resource[],
): readonly Workbook[] =>
  files.map(({ file, displayName, serializedData }) => {
    const { workspace, surroundings } = site;
    return new Workbook(
      `workbook-${file}${workspace.suffix}`,
      {
        resourceGroupName: workspace.resourceGroupName,
        resourceName: surroundings.naming.guid(`workbook-${file}${workspace.suffix}`),
        location: workspace.location,
        kind: 'shared',
        category: 'sentinel',
        displayName,
        sourceId: workspace.id,
        serializedData,
        tags: { ...surroundings.tags },
      },
      inWorkspace(workspace, functions),
    );
  });
