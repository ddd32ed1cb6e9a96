import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ContractError } from '#core/errors';
import type { Settings, Stage } from '../settings.ts';
import { namesOf } from './names.ts';

interface SchedulesProps {
  stage: Stage;
  settings: Settings;
  /** Makes batches of orders. */
  orders: IFunction;
}

/** A rule for each schedule of the settings: once a day its order goes to the function that makes batches of orders. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { stage, settings, orders }: SchedulesProps) {
    super(scope, id);
    const names = namesOf(this, stage);
    for (const [name, { at, ...order }] of Object.entries(settings.schedules ?? {})) {
      const { hour, minute } = timeOf(name, at);
      new events.Rule(this, name, {
        ruleName: `${names.prefix}-schedule-${name}`,
        description: `Every day at ${at} UTC: a batch of ${order.workload}.`,
        schedule: events.Schedule.cron({ hour, minute }),
        targets: [
          new targets.LambdaFunction(orders, {
            event: events.RuleTargetInput.fromObject({
              ...order,
              schedule: name,
              time: events.EventField.time,
            }),
            retryAttempts: 3,
          }),
        ],
      });
    }
  }
}

function timeOf(name: string, at: string): { hour: string; minute: string } {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(at) ?? [];
  if (hour !== undefined && minute !== undefined) return { hour: `${Number(hour)}`, minute: `${Number(minute)}` };
  throw new ContractError(`Expected \`schedules.${name}.at\` as a time of day in UTC such as 02:00, found ${at}.`);
}
