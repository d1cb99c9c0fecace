import type { Rule } from '../../rule.ts';
import { envOneString } from './env-one-string.ts';
import { machineSecret } from './machine-secret.ts';
import { serviceDefaults } from './service-defaults.ts';
import { taskAsService } from './task-as-service.ts';

export const WINDOWS: readonly Rule[] = [envOneString, machineSecret, serviceDefaults, taskAsService];
