import type { CustomResourceOptions, Input, Resource } from '@pulumi/pulumi';
import type { Surroundings, WorkspaceHandle } from '../types.ts';

/** Where content is deployed to. */
export interface ContentSite {
  readonly workspace: WorkspaceHandle;
  readonly surroundings: Pick<Surroundings, 'naming' | 'keep' | 'tags'>;
}

/** What a resource waits for: resources, or a promise of them. */
export type Dependencies = NonNullable<CustomResourceOptions['dependsOn']>;

/** Arguments that name the workspace as the parent of a resource. */
export const parentOf = ({
  workspace,
}: ContentSite): { resourceGroupName: Input<string>; workspaceName: Input<string> } => ({
  resourceGroupName: workspace.resourceGroupName,
  workspaceName: workspace.name,
});

/** Options of a resource in the workspace. */
export const inWorkspace = ({ workspace }: ContentSite, dependsOn: Dependencies): CustomResourceOptions => ({
  dependsOn,
  ...(workspace.provider === undefined ? {} : { provider: workspace.provider }),
});

/** The onboarding state and `more`, as a list that resource options take. */
export const after = ({ workspace }: ContentSite, ...more: readonly (readonly Resource[])[]): Resource[] => [
  ...workspace.ready,
  ...more.flat(),
];
