const FAULTLESS = 'the simulated tenant has no faults: every hour is complete, every record was read and delivered';
const NO_SENTINEL = 'nothing of the simulated tenant fills the tables of Microsoft Sentinel itself';

/**
 * Tiles without a row on the simulated tenant, and why: `<file>/<name of the item>`. A test fails when a tile that is
 * not listed is empty, and when one that is listed is not.
 */
export const expectedEmpty: Readonly<Record<string, string>> = {
  'collector-health/dead-letters': FAULTLESS,
  'collector-health/incomplete-hours': FAULTLESS,
  'collector-health/losses': FAULTLESS,
  'collector-health/reconciliation': 'the week is collected with the activity feed alone: there is no second view',
  'collector-health/rows-unlike-ledger': FAULTLESS,
  'collector-health/rule-runs': `${NO_SENTINEL}: SentinelHealth`,
  'security-copilot/alerts': `${NO_SENTINEL}: SecurityAlert`,
  'soc-overview/alerts': `${NO_SENTINEL}: SecurityAlert`,
};

const SLOWNESS = 'whether a look-up comes too late for its row is a matter of how busy the machine is';

/** Tiles that may hold rows or none, and why. */
export const sometimesEmpty: Readonly<Record<string, string>> = {
  'collector-health/errors': SLOWNESS,
  'collector-health/look-ups': SLOWNESS,
};
