import { guid, pick, pickPopular } from '../random.ts';
import { envelope } from './envelope.ts';
import { copilotFamily, type Family } from './scene.ts';

const OPERATIONS = [
  'BotComponentUpdate',
  'BotUpdateOperation-BotPublish',
  'BotComponentDelete',
  'BotCreate',
  'BotPublish',
  'BotShare',
  'BotAuthUpdate',
  'BotIconUpdate',
  'BotAppInsightsUpdate',
  'BotUpdateOperation-BotAuthUpdate',
  'BotDelete',
  'EnvironmentVariableUpdate',
] as const;

/** Work of makers in Copilot Studio: record type 256 of Power Platform, known only by its operations. */
export const studioAuthoring: readonly Family[] = [
  copilotFamily('studio-authoring', { perDay: 8, audience: 'maker' }, (scene) => {
    const operation = pickPopular(scene.next, OPERATIONS);
    const common = envelope(scene, { recordType: 256, operation, workload: 'PowerPlatform' });
    const agent = pick(scene.next, scene.tenant.customEngineAgents);
    const auth = operation.includes('Auth')
      ? [
          {
            Name: 'powerplatform.analytics.resource.bot.authentication_mode',
            Value: pick(scene.next, ['None', 'Integrated', 'Manual']),
          },
        ]
      : [];
    return {
      ...common,
      PropertyCollection: [
        { Name: 'powerplatform.analytics.resource.bot.id', Value: agent.botId },
        { Name: 'powerplatform.analytics.resource.bot.schema_name', Value: agent.schemaName },
        { Name: 'powerplatform.analytics.resource.bot.name', Value: agent.name },
        { Name: 'powerplatform.analytics.resource.environment.id', Value: agent.environment },
        ...auth,
        { Name: 'enduser.principal_name', Value: scene.user.upn },
        { Name: 'powerplatform.analytics.activity.id', Value: guid(scene.next) },
      ],
    };
  }),
];
