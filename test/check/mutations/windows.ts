import type { Mutation } from './mutation.ts';

export const WINDOWS: readonly Mutation[] = [
  {
    rule: 'windows/env-one-string',
    file: 'deploy/windows/service.cmd',
    from: '  "LOG_LEVEL=info" ^\r\n  "LOG_FORMAT=json" ^',
    to: '  "LOG_LEVEL=info;LOG_FORMAT=json" ^',
    also: ['cross/env-differs'],
  },
  {
    rule: 'windows/machine-secret',
    file: 'deploy/windows/environment.ps1',
    from: '    $settings.Close()',
    to: `    [Environment]::SetEnvironmentVariable('ANTHROPIC_API_KEY', $key, 'Machine')\r\n    $settings.Close()`,
  },
  {
    rule: 'windows/service-defaults',
    file: 'deploy/windows/service.cmd',
    from: /sc\.exe config "chatbot" obj= .*\r\n/,
    to: '',
    at: { line: 'install "chatbot"' },
  },
];
