import { isObject } from './json-value.ts';
import { isCopilotOperation, isCopilotWorkload } from './operations.ts';
import { isCopilotRecordType, type RecordTypeOptions } from './record-types.ts';

// Without the u flag, /i folds ASCII only: the byte filter in may-be-copilot.ts can then promise the same keys.
const INTERESTING = /^(?:workload|operation|recordtype|copiloteventdata|copilotsettingseventdata)$/i;

/**
 * True when an audit record belongs to the Copilot family: by workload, record type, operation or payload.
 * Keys and names in any casing; the record type as a number, a numeric string or its name.
 */
export function isCopilotRecord(raw: unknown, options: RecordTypeOptions = {}): boolean {
  if (!isObject(raw)) return false;
  for (const key of Object.keys(raw)) {
    if (!INTERESTING.test(key)) continue;
    const value = raw[key];
    switch (key.length) {
      case 'Workload'.length:
        if (isCopilotWorkload(value)) return true;
        break;
      case 'Operation'.length:
        if (isCopilotOperation(value)) return true;
        break;
      case 'RecordType'.length:
        if (isCopilotRecordType(value, options)) return true;
        break;
      default:
        if (value !== null && value !== undefined) return true;
    }
  }
  return false;
}
