import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { namesOf } from './names.ts';

/** Says when the month is going to cost more than planned, while there is time to do something. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, props: { stage: Stage; settings: Settings; topic: Topic }) {
    super(scope, id);
    const { stage, settings, topic } = props;
    topic.grantPublish(new ServicePrincipal('budgets.amazonaws.com'));
    const subscribers = [{ subscriptionType: 'SNS', address: topic.topicArn }];
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: namesOf(this, stage).prefix,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: settings.monthlyBudgetUsd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:environment$${stage}`] },
      },
      notificationsWithSubscribers: [
        { notification: over('FORECASTED', 100), subscribers },
        { notification: over('ACTUAL', 80), subscribers },
      ],
    });
  }
}

function over(notificationType: 'FORECASTED' | 'ACTUAL', threshold: number): CfnBudget.NotificationProperty {
  return { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' };
}
