import { UNKNOWN_FIELD_CANARIES } from '../canaries.ts';
import { int, pick, type Random } from '../random.ts';
import type { Json, WireRecord } from './scene.ts';

/** Share of Copilot records that carry keys no schema knows. */
const DRIFT_SHARE = 0.015;

/** The record with a field of a schema to come, now and then; some hold text that nobody may store. */
export function drift(record: WireRecord, next: Random): WireRecord {
  if (next() >= DRIFT_SHARE) return record;
  const text = pick(next, UNKNOWN_FIELD_CANARIES);
  const inside = (key: string, value: Json): WireRecord => {
    const data = record['CopilotEventData'];
    return isObject(data) ? { ...record, CopilotEventData: { ...data, [key]: value } } : { ...record, [key]: value };
  };
  switch (int(next, 0, 6)) {
    case 0:
      return { ...record, RiskScore: int(next, 0, 100) };
    case 1:
      return { ...record, PromptPreview: text };
    case 2:
      return inside('ResponseText', text);
    case 3:
      return inside('Grounding', { Sources: int(next, 1, 9), Summary: text });
    case 4:
      return inside('TurnNotes', [{ Author: 'model', Note: text }]);
    case 5:
      return inside('IsStreaming', true);
    default:
      return { ...record, Tags: ['preview', 'ring-2'] };
  }
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
