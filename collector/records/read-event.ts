import type {
  AccessedResource,
  Context,
  InteractionEvent,
  Message,
  Model,
  Plugin,
  Policy,
  PolicyRule,
  SettingChange,
} from './audit-record.ts';
import { isGuid, type JsonObject } from './json-value.ts';
import { booleanOf, itemsOf, textOf, textsOf } from './read-values.ts';

const toContext = (item: JsonObject): Context => ({
  id: textOf(item.Id),
  type: textOf(item.Type),
  containerId: textOf(item.ContainerId),
});

const toMessage = (item: JsonObject): Message => ({
  id: textOf(item.Id),
  isPrompt: booleanOf(item.isPrompt),
  jailbreakDetected: booleanOf(item.JailbreakDetected),
});

const toRule = (item: JsonObject): PolicyRule => ({
  name: textOf(item.RuleName),
  mode: textOf(item.RuleMode),
  actions: textsOf(item.Actions),
});

const toPolicy = (item: JsonObject): Policy => ({
  id: textOf(item.PolicyId),
  name: textOf(item.PolicyName),
  rules: itemsOf(item.Rules, toRule),
});

function toResource(item: JsonObject): AccessedResource {
  const uniqueId = textOf(item.ListItemUniqueId);
  return {
    id: textOf(item.Id),
    name: textOf(item.Name),
    siteUrl: textOf(item.SiteUrl),
    listItemUniqueId: uniqueId !== null && isGuid(uniqueId) ? uniqueId.toLowerCase() : null,
    type: textOf(item.Type),
    action: textOf(item.Action),
    sensitivityLabelId: textOf(item.SensitivityLabelId)?.toLowerCase() ?? null,
    status: textOf(item.Status),
    xpiaDetected: booleanOf(item.XPIADetected),
    policies: itemsOf(item.PolicyDetails, toPolicy),
  };
}

const toPlugin = (item: JsonObject): Plugin => ({
  id: textOf(item.Id),
  name: textOf(item.Name),
  version: textOf(item.Version),
});

const toModel = (item: JsonObject): Model => ({
  provider: textOf(item.ModelProviderName),
  name: textOf(item.ModelName),
  version: textOf(item.ModelVersion),
});

/** The arrays of CopilotEventData in canonical casing. */
export function toInteractionEvent(eventData: JsonObject): InteractionEvent {
  return {
    contexts: itemsOf(eventData.Contexts, toContext),
    messages: itemsOf(eventData.Messages, toMessage),
    resources: itemsOf(eventData.AccessedResources, toResource),
    plugins: itemsOf(eventData.AISystemPlugin, toPlugin),
    models: itemsOf(eventData.ModelTransparencyDetails, toModel),
  };
}

/** The changed settings of CopilotSettingsEventData in canonical casing. */
export function toSettingChanges(settingsData: JsonObject): readonly SettingChange[] {
  return itemsOf(settingsData.Resource, (item) => ({
    property: textOf(item.Property),
    originalValue: textOf(item.OriginalValue),
    newValue: textOf(item.NewValue),
  }));
}
