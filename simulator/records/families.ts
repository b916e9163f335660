import { agentAdmin } from './agent-admin.ts';
import { agentRuntime } from './agent-runtime.ts';
import { agents } from './agents.ts';
import { aiApps } from './ai-apps.ts';
import { autonomous } from './autonomous.ts';
import { fabric } from './fabric.ts';
import { facilitator } from './facilitator.ts';
import { future } from './future.ts';
import { interactionsExport } from './interactions-export.ts';
import { m365 } from './m365.ts';
import { noise } from './noise.ts';
import { oddities } from './oddities.ts';
import type { Family } from './scene.ts';
import { scheduledPrompt } from './scheduled-prompt.ts';
import { securityCopilotAdmin } from './security-copilot-admin.ts';
import { securityCopilot } from './security-copilot.ts';
import { studioAuthoring } from './studio-authoring.ts';
import { studio } from './studio.ts';
import { threats } from './threats.ts';

/** Every family of records, Copilot's first; the order is part of what a seed means. */
export const families: readonly Family[] = [
  ...m365,
  ...threats,
  ...studio,
  ...agents,
  ...autonomous,
  ...fabric,
  ...securityCopilot,
  ...securityCopilotAdmin,
  ...aiApps,
  ...facilitator,
  ...scheduledPrompt,
  ...agentAdmin,
  ...agentRuntime,
  ...studioAuthoring,
  ...interactionsExport,
  ...future,
  ...noise,
  ...oddities,
];
