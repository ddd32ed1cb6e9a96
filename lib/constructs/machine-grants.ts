import type { Grant } from './grant.ts';
import type { Names } from './names.ts';

interface MachineResources {
  /** ARNs of the functions that it calls. */
  functions: string[];
  /** ARNs of the task definitions that it runs, and why any is a pattern. */
  definitions: { resources: string[]; why: string };
  /** ARNs of the roles that its tasks run under, and why any is a pattern. */
  taskRoles: { resources: string[]; why: string };
}

/**
 * What a state machine's role needs: to call its functions, to start, watch, tag and stop tasks on our cluster
 * (`ecs:runTask.sync` wants the events rule beside it, pitfall 11), and to pass its tasks' roles.
 */
export function machineGrants(names: Names, { functions, definitions, taskRoles }: MachineResources): Grant[] {
  const onCluster = { ArnEquals: { 'ecs:cluster': names.arn('ecs', `cluster/${names.cluster}`) } };
  const runsTasks = names.arn('ecs', `task/${names.cluster}/*`);
  return [
    { actions: ['lambda:InvokeFunction'], resources: functions, why: 'Its Lambda steps.' },
    { actions: ['ecs:RunTask'], ...definitions, conditions: onCluster },
    {
      actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
      resources: [runsTasks],
      conditions: onCluster,
      why: 'Tasks are named by AWS when they start; the cluster is ours.',
    },
    {
      actions: ['ecs:TagResource'],
      resources: [runsTasks],
      conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
      why: 'A task carries its job as a tag, from its start only.',
    },
    {
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [names.arn('events', 'rule/StepFunctionsGetEventsForECSTaskRule')],
      why: 'The rule by which Step Functions hears that a task ended.',
    },
    {
      actions: ['iam:PassRole'],
      ...taskRoles,
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    },
  ];
}
