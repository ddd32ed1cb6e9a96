import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { Schedules } from '../../../lib/constructs/schedules.ts';
import { SETTINGS, type Settings } from '../../../lib/settings.ts';
import { ofType } from '../synthesize.ts';

const NIGHTLY = {
  ...{ workload: 'letter-asr', team: 'tutors', at: '02:05' },
  order: { export: 's3://lake/exports/{date}.csv', recordings: 's3://lake/recordings/' },
  params: { publish: 'tutor' },
};

function rulesWith(schedules: Settings['schedules']) {
  const settings: Settings = { ...SETTINGS.dev, ...(schedules && { schedules }) };
  const stack = new Stack(new App(), 'platform');
  const orders = LambdaFunction.fromFunctionName(stack, 'Orders', 'stepreel-dev-orders');
  new Schedules(stack, 'Schedules', { stage: 'dev', settings, orders });
  const rules = ofType(Template.fromStack(stack), 'AWS::Events::Rule');
  return rules.map(([, rule]) => rule).filter(({ Name }) => Name.startsWith('stepreel-dev-schedule-'));
}

it('a schedule sends its order once a day, by UTC, with its name and the time', () => {
  const [rule, ...others] = rulesWith({ nightly: NIGHTLY });
  expect(others).toEqual([]);
  expect(rule).toMatchObject({ Name: 'stepreel-dev-schedule-nightly', ScheduleExpression: 'cron(5 2 * * ? *)' });
  const [target] = rule!.Targets;
  expect(JSON.stringify(target.Arn)).toContain('orders');
  const { InputPathsMap, InputTemplate } = target.InputTransformer;
  expect(Object.values(InputPathsMap)).toEqual(['$.time']);
  const { at: _, ...order } = NIGHTLY;
  const sent = JSON.parse(InputTemplate.replace(/<[^>]+>/, '"2026-11-28T02:05:00Z"'));
  expect(sent).toEqual({ ...order, schedule: 'nightly', time: '2026-11-28T02:05:00Z' });
});

it('without schedules there is no such rule', () => expect(rulesWith(undefined)).toEqual([]));

it.each(['2:00', '24:00', 'cron(0 2 * * ? *)'])('a time that is none is refused: %s', (at) => {
  expect(() => rulesWith({ nightly: { ...NIGHTLY, at } })).toThrow('schedules.nightly.at');
});
