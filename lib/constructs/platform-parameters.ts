import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';
import { namesOf, PARAMETERS } from './names.ts';

export interface Platform {
  /** Subnet ids, joined by commas. */
  subnets: string;
  taskSecurityGroup: string;
  alarmTopic: ITopic;
}

/** What a workload needs of the platform and no name tells: read when the workload's stack is deployed. */
export function readPlatform(scope: Construct, stage: Stage): Platform {
  const read = (path: string) => StringParameter.valueForStringParameter(scope, namesOf(scope, stage).parameter(path));
  return {
    subnets: read(PARAMETERS.subnets),
    taskSecurityGroup: read(PARAMETERS.taskSecurityGroup),
    alarmTopic: Topic.fromTopicArn(scope, 'AlarmTopic', read(PARAMETERS.alarmTopic)),
  };
}
