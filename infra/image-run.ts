/** Runs of the registry task that builds the image: what became of those that have been, and which one is next. */
import { getTaskRun } from '@pulumi/azure-native/containerregistry/index.js';

/** The result of a run, as far as it matters here. */
export interface RunResult {
  readonly runId?: string;
  readonly status?: string;
  readonly runErrorMessage?: string;
  readonly outputImages?: readonly { readonly digest?: string }[];
}

/** Where a run lies. */
export interface RunPlace {
  readonly resourceGroupName: string;
  readonly registryName: string;
  readonly taskRunName: string;
}

/** Asks for a run's result; undefined when there is no such run. */
export type AskRun = (place: RunPlace) => Promise<RunResult | undefined>;

/** A run by name, with the digest of its image when it has been and has made one. */
export interface FoundRun {
  readonly taskRunName: string;
  readonly digest: string | undefined;
}

// Each is one request, one after the other.
const RUNS_MAX = 50;

/** Asks Azure. */
export const askAzure: AskRun = async (place) => {
  try {
    const { runResult } = await getTaskRun(place);
    return runResult;
  } catch {
    // Before the first deployment not even the group is there. With any other trouble the run is registered once more,
    // Azure says that it exists, and the next `pulumi up` asks again.
    return undefined;
  }
};

/** Digest of the image that the run pushed; undefined when it made none, or has not ended. */
export const digestIn = ({ outputImages }: RunResult): string | undefined => outputImages?.[0]?.digest;

/** The run that made the image, or the first name that no run has: `name`, `name-2` and so on. Throws after 50 runs. */
export async function findRun(place: RunPlace, ask: AskRun): Promise<FoundRun> {
  const { registryName, taskRunName: name } = place;
  for (let attempt = 1; attempt <= RUNS_MAX; attempt += 1) {
    const taskRunName = attempt === 1 ? name : `${name}-${attempt}`;
    const result = await ask({ ...place, taskRunName });
    const digest = result && digestIn(result);
    if (result === undefined || digest !== undefined) return { taskRunName, digest };
  }
  throw new Error(
    `image: ${RUNS_MAX} runs of ${name} in registry ${registryName} made no image: set image.ref, or remove them: az acr taskrun delete --registry ${registryName} --name ${name}`,
  );
}
