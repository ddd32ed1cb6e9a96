import { beforeEach, expect, it } from 'vitest';
import { openEventBus } from '#adapters/aws/event-bus';
import type { Notices } from '#core/notices';
import { clientsAt } from '../../helpers/aws-in-process.ts';
import { startJsonService } from '../../helpers/aws-json-service.ts';
import { aNotice } from '../../helpers/notice.ts';

let bus: Notices;
let put: { Entries: Record<string, unknown>[] }[];
let refusal: { ErrorCode: string; ErrorMessage: string } | undefined;

beforeEach(async () => {
  put = [];
  refusal = undefined;
  const endpoint = await startJsonService({
    PutEvents(request) {
      put.push(request);
      return { FailedEntryCount: refusal ? 1 : 0, Entries: [refusal ?? { EventId: '1' }] };
    },
  });
  bus = openEventBus({ eventBridge: await clientsAt(endpoint).eventBridge(), bus: 'stepreel-dev' });
});

it('tells of a notice as an event of the bus, and where its receiver is not', async () => {
  await bus.publish(aNotice(), { url: 'https://example.com/?token=1' });
  expect(put).toHaveLength(1);
  const [{ Detail, ...entry }] = put[0]!.Entries as [Record<string, string>];
  expect(entry).toMatchObject({
    EventBusName: 'stepreel-dev',
    Source: 'stepreel',
    DetailType: 'job-end',
    Resources: ['toy-1'],
    Time: Date.parse(aNotice().time) / 1000,
  });
  expect(JSON.parse(Detail!)).toEqual({ ...aNotice(), webhook: true });
});

it('says of one that nobody waits for that there is no webhook', async () => {
  await bus.publish(aNotice());
  expect(JSON.parse(String(put[0]!.Entries[0]!.Detail))).toMatchObject({ webhook: false });
});

it('fails where the bus took the call and not the event', async () => {
  refusal = { ErrorCode: 'ThrottlingException', ErrorMessage: 'too many' };
  await expect(bus.publish(aNotice())).rejects.toMatchObject({ name: 'TransientError', retryable: true });
});
