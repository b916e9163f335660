import type { AgentKind } from '../records/agent-kind.ts';
import type { InteractionEvent } from '../records/audit-record.ts';
import type { TwinRole } from '../records/twin-role.ts';
import type { CopilotAuditRow } from '../schema/index.ts';
import { toBreakdown } from './credit-breakdown.ts';
import { toGroundingBasis, type GroundingBasis } from './grounding.ts';
import { ratesAt } from './rates.ts';

/** How the estimate came about; docs/tables.md explains each. */
export type CreditBasis =
  | 'CustomEngine'
  | 'CustomerAgent'
  | 'Declarative'
  | 'MicrosoftAgent'
  | 'NoMessages'
  | 'NoAgent'
  | 'NotAssessed'
  | 'NotEstimable';

/** Why credits are not billed. */
export type ZeroRatedReason =
  | 'licensed'
  | 'microsoftAgent'
  | 'declarative'
  | 'testPane'
  | 'runtimeTwin'
  | 'notEstimable';

/** What an interaction says about its cost. */
export interface CreditInput {
  /** ISO 8601 UTC: chooses the rates. */
  readonly eventTime: string;
  readonly event: Pick<InteractionEvent, 'messages' | 'resources' | 'models'>;
  readonly agentKind: AgentKind;
  readonly twinRole: TwinRole;
  /** Who pays by another meter: see `notEstimable`. */
  readonly surfaceGroup: string | null;
  readonly appIdentity: string | null;
  readonly isTestPane: boolean;
  /** No person asked: no licence covers it. */
  readonly isAutonomous: boolean;
  /** Of the actor at the time of the event where the record says it, else now; null when nobody knows. */
  readonly hasLicense: boolean | null;
}

/** The credit columns of a row. An estimate: the meter of Azure and Power Platform is the truth. */
export type Credits = Pick<
  CopilotAuditRow,
  | 'CreditsGross'
  | 'CreditsBillable'
  | 'CreditBreakdown'
  | 'CreditBasis'
  | 'GroundingBasis'
  | 'CreditRateVersion'
  | 'IsZeroRated'
  | 'ZeroRatedReason'
>;

interface Verdict {
  readonly basis: CreditBasis;
  readonly gross: number | null;
  readonly isZeroRated: boolean | null;
  readonly reason: ZeroRatedReason | null;
}

const withoutPrice = ({ basis, gross, isZeroRated, reason }: Verdict): Credits => ({
  CreditsGross: gross,
  CreditsBillable: gross,
  CreditBreakdown: null,
  CreditBasis: basis,
  GroundingBasis: 'NotAssessed',
  CreditRateVersion: null,
  IsZeroRated: isZeroRated,
  ZeroRatedReason: reason,
});

// Verdicts that are the same for every record.
const notEstimable = withoutPrice({ basis: 'NotEstimable', gross: null, isZeroRated: null, reason: 'notEstimable' });
const notAssessed = withoutPrice({ basis: 'NotAssessed', gross: null, isZeroRated: null, reason: null });
const noAgent = withoutPrice({ basis: 'NoAgent', gross: 0, isZeroRated: false, reason: null });
const microsoftAgent = withoutPrice({ basis: 'MicrosoftAgent', gross: 0, isZeroRated: true, reason: 'microsoftAgent' });
const runtimeTwin = withoutPrice({ basis: 'NoMessages', gross: 0, isZeroRated: true, reason: 'runtimeTwin' });

// Security Copilot is paid by compute units, Cowork and the developer tools by use: no rate fits what the record shows.
const OTHER_METERS = new Set(['Security', 'Cowork', 'Developer']);
const OTHER_IDENTITY = /^Copilot\.(?:Security\.|M365Copilot\.Cowork)/i;

const hasOtherMeter = ({ surfaceGroup, appIdentity }: CreditInput): boolean =>
  OTHER_METERS.has(surfaceGroup ?? '') || OTHER_IDENTITY.test(appIdentity ?? '');

/** By kind: the basis of a price, or a verdict without one. */
const byKind: Readonly<Record<AgentKind, CreditBasis | Credits>> = {
  'custom-engine': 'CustomEngine',
  // Built by the customer, declarative or not: priced as custom engine, the higher of both, and labelled.
  'customer-unknown': 'CustomerAgent',
  declarative: 'Declarative',
  'declarative-sharepoint': 'Declarative',
  microsoft: microsoftAgent,
  unknown: notAssessed,
  none: noAgent,
};

/** What decides beside the input. */
interface Price {
  readonly basis: CreditBasis;
  readonly gross: number;
  /** Neither data of the tenant nor a tool: instructions and the public web. */
  readonly isPlain: boolean;
}

/**
 * Why nobody pays; null when somebody does, `unknown` when the licence decides and nobody knows it. A licence covers the
 * user's own questions in Microsoft 365; where a custom engine is embedded elsewhere, its users come without a name.
 */
function zeroRating(
  { isTestPane, isAutonomous, hasLicense }: CreditInput,
  { basis, gross, isPlain }: Price,
): ZeroRatedReason | 'unknown' | null {
  if (isTestPane) return 'testPane';
  if (gross === 0) return null;
  if (basis === 'Declarative' && isPlain) return 'declarative';
  if (isAutonomous || hasLicense === false) return null;
  return hasLicense === true ? 'licensed' : 'unknown';
}

function billing(
  reason: ZeroRatedReason | 'unknown' | null,
  gross: number,
): Pick<Credits, 'CreditsBillable' | 'IsZeroRated' | 'ZeroRatedReason'> {
  if (reason === 'unknown') return { CreditsBillable: null, IsZeroRated: null, ZeroRatedReason: null };
  return { CreditsBillable: reason === null ? gross : 0, IsZeroRated: reason !== null, ZeroRatedReason: reason };
}

function priced(input: CreditInput, basis: CreditBasis): Credits {
  const rates = ratesAt(input.eventTime);
  const grounding: GroundingBasis = toGroundingBasis(input.event.resources);
  // What cannot be classified is charged: the label GroundingBasis tells it from what was proven.
  const isGrounded = grounding === 'TenantResource' || grounding === 'UnclassifiedResource';
  const breakdown = toBreakdown(input.event, isGrounded ? rates : { ...rates, tenantGrounding: 0 });
  const gross = breakdown.generative + breakdown.grounding + breakdown.action;
  const isPlain = !isGrounded && breakdown.action === 0;
  return {
    CreditsGross: gross,
    CreditBreakdown: breakdown,
    CreditBasis: input.event.messages.length === 0 && gross === 0 ? 'NoMessages' : basis,
    GroundingBasis: grounding,
    CreditRateVersion: rates.version,
    ...billing(zeroRating(input, { basis, gross, isPlain }), gross),
  };
}

/**
 * Estimates the Copilot Credits of an interaction from its record. What is not known is null: all of it for meters of
 * another kind and agents of unknown kind; billable, IsZeroRated and ZeroRatedReason where an unknown licence decides.
 */
export function toCredits(input: CreditInput): Credits {
  if (hasOtherMeter(input)) return notEstimable;
  if (input.twinRole === 'runtime') return runtimeTwin;
  const verdict = byKind[input.agentKind];
  return typeof verdict === 'string' ? priced(input, verdict) : verdict;
}
