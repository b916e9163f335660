import type { CustomResourceOptions, Input } from '@pulumi/pulumi';
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
}: Pick<ContentSite, 'workspace'>): { resourceGroupName: Input<string>; workspaceName: Input<string> } => ({
  resourceGroupName: workspace.resourceGroupName,
  workspaceName: workspace.name,
});
