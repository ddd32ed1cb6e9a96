import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Settings } from '../settings.ts';

const RETENTION = { 7: RetentionDays.ONE_WEEK, 30: RetentionDays.ONE_MONTH, 90: RetentionDays.THREE_MONTHS } as const;

/** How long logs are kept, as the CDK spells it. */
export function logRetention({ retentionDays }: Settings): RetentionDays {
  return RETENTION[retentionDays.logs];
}
