import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { TransientError } from '#core/errors';
import type { Notices } from '#core/notices';
import { answerOf } from './service-errors.ts';

/** What a rule of anybody's names as `source`. */
export const SOURCE = 'stepreel';

/**
 * Notices as events of an EventBridge bus. Those that a receiver waits for have `webhook: true` in their detail; where it
 * is stays in the job's record, since whoever may read events need not know it.
 */
export function openEventBus({ eventBridge, bus }: { eventBridge: EventBridgeClient; bus: string }): Notices {
  return {
    async publish(notice, receiver) {
      const entry = {
        EventBusName: bus,
        Source: SOURCE,
        DetailType: notice.type,
        Time: new Date(notice.time),
        Resources: [notice.job.id],
        Detail: JSON.stringify({ ...notice, webhook: receiver !== undefined }),
      };
      const { Entries = [] } = await answerOf(eventBridge.send(new PutEventsCommand({ Entries: [entry] })));
      const [{ ErrorCode, ErrorMessage } = {}] = Entries;
      if (!ErrorCode) return;
      throw new TransientError(
        `EventBridge did not take an event (${ErrorCode}: ${ErrorMessage}). The same call may succeed later.`,
      );
    },
  };
}
