import { NOISE_CANARIES } from '../canaries.ts';
import { chance, guid, hex8, int, letters, pick, pickPopular } from '../random.ts';
import { TOPICS } from '../tenant/names.ts';
import { envelope } from './envelope.ts';
import { noisePlatform } from './noise-platform.ts';
import { foreignFamily, type Family } from './scene.ts';

/** Records of other workloads, the bulk of Audit.General; some speak of Copilot without being of it. */
export const noise: readonly Family[] = [
  // Teams: 25 MicrosoftTeams.
  foreignFamily('teams-message', 30, (scene) => {
    const { next, tenant } = scene;
    const common = envelope(scene, { recordType: 25, operation: 'MessageSent', workload: 'MicrosoftTeams' });
    return {
      ...common,
      ChatThreadId: `19:${guid(scene.conversation()).replaceAll('-', '')}@thread.v2`,
      ChatName: chance(next, 0.02) ? 'Copilot rollout' : pick(next, TOPICS),
      CommunicationType: pick(next, ['OneOnOne', 'GroupChat', 'Team']),
      ExtraProperties: [
        { Key: 'TimeZone', Value: 'UTC' },
        { Key: 'OsName', Value: pick(next, ['windows', 'ios']) },
      ],
      MessageId: String(scene.timeMs),
      MessageSizeInBytes: int(next, 40, 4000),
      MessageVersion: String(scene.timeMs),
      ParticipantInfo: {
        HasForeignTenantUsers: false,
        HasGuestUsers: chance(next, 0.05),
        ParticipatingTenantIds: [tenant.id],
      },
      ResourceTenantId: tenant.id,
      ItemName: chance(next, 0.02) ? 'how we use "CopilotEventData":{ in reports' : undefined,
      DeviceId: guid(next),
      MessageURLs: chance(next, 0.1) ? [`https://contoso.sharepoint.com/sites/${hex8(next)}`] : [],
    };
  }),
  // Data loss prevention on devices: 63 DLPEndpoint. It may quote what it found.
  foreignFamily('endpoint-dlp', 45, (scene) => {
    const { next } = scene;
    const common = envelope(scene, {
      recordType: 63,
      operation: pick(next, ['FileCopiedToRemovableMedia', 'FileRead', 'FileUploadedToCloud', 'FilePrinted']),
      workload: 'Endpoint',
    });
    const name = `${pick(next, TOPICS)} ${int(next, 1, 400)}.docx`;
    return {
      ...common,
      ObjectId: `C:\\Users\\${scene.user.index}\\Documents\\${name}`,
      Application: chance(next, 0.03) ? 'Copilot.exe' : pick(next, ['explorer.exe', 'winword.exe', 'msedge.exe']),
      DeviceName: `pc-${scene.user.index}.contoso.example`,
      MDATPDeviceId: hex8(next) + hex8(next) + hex8(next) + hex8(next) + hex8(next),
      EnforcementMode: int(next, 1, 4),
      FileExtension: 'docx',
      FileSize: int(next, 2000, 9_000_000),
      FileType: 'WORD',
      Hidden: false,
      JitTriggered: false,
      Platform: 1,
      RMSEncrypted: false,
      Sha1: Array.from({ length: 5 }, () => hex8(next)).join(''),
      Sha256: Array.from({ length: 8 }, () => hex8(next)).join(''),
      SourceLocationType: 1,
      TargetFilePath: `E:\\${name}`,
      SensitiveInfoTypeData: [
        {
          SensitiveInfoTypeId: guid(next),
          SensitiveInfoTypeName: 'Credit Card Number',
          Confidence: 85,
          Count: 1,
          UniqueCount: 1,
          SensitiveInformationDetectionsInfo: {
            DetectedValues: [
              { Name: 'synthetic', Value: chance(next, 0.05) ? pick(next, NOISE_CANARIES) : letters(next, 16) },
            ],
          },
        },
      ],
      PolicyMatchInfo: {
        PolicyId: guid(next),
        PolicyName: chance(next, 0.05) ? 'Block copilot uploads' : 'Card numbers',
        PrimaryRule: 'true',
        RuleId: guid(next),
        RuleName: 'Card number on a stick',
      },
    };
  }),
  // Sign-ins: 9 AzureActiveDirectoryAccountLogon, 15 AzureActiveDirectoryStsLogon.
  foreignFamily('sign-in', 8, (scene) => {
    const { next, user } = scene;
    const failed = chance(next, 0.1);
    const common = envelope(scene, {
      recordType: 9,
      operation: 'PasswordLogonInitialAuthUsingPassword',
      workload: 'AzureActiveDirectory',
    });
    return {
      ...common,
      ResultStatus: failed ? 'failed' : 'success',
      ObjectId: user.upn,
      AzureActiveDirectoryEventType: 0,
      ExtendedProperties: failed
        ? [
            {
              Name: 'LoginError',
              Value: '-2147217390;PP_E_BAD_PASSWORD;The entered and stored passwords do not match.',
            },
          ]
        : [{ Name: 'UserAgent', Value: 'Mozilla/5.0 (compatible; Copilot preview)' }],
      Client: 'Exchange',
      LoginStatus: failed ? -2_147_217_390 : 0,
      UserDomain: 'contoso.example',
    };
  }),
  // 28 ThreatIntelligence: mails that were caught.
  foreignFamily('threat-intelligence', 4, (scene) => {
    const { next, user } = scene;
    return {
      ...envelope(scene, {
        recordType: 28,
        operation: 'TIMailData',
        workload: 'ThreatIntelligence',
        userId: 'ThreatIntel',
        userKey: 'ThreatIntel',
        userType: 4,
      }),
      DetectionMethod: 'URL malicious reputation',
      DetectionType: 'Inline',
      EventDeepLink: `https://security.microsoft.com/?hash=/threatexplorer?${letters(next, 24)}`,
      InternetMessageId: `<${guid(next)}@contoso.example>`,
      NetworkMessageId: guid(next),
      P1Sender: 'offers@bulk.contoso.example',
      Recipients: [pickPopular(next, scene.tenant.users).upn, user.upn],
      SenderIp: '192.0.2.66',
      Subject: chance(next, 0.3) ? 'Your Copilot licence expires today' : `Invoice ${int(next, 1000, 9999)}`,
      Verdict: 'Phish',
    };
  }),
  ...noisePlatform,
];
