import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { kebabCase } from '#core/names';
import dataset from '#workloads/dataset/workload';
import { ofType, type Properties, synthesize } from './synthesize.ts';

let template: Template;
let production: Template;

beforeAll(async () => {
  template = (await synthesize('dev')).workloads.dataset!;
  production = (await synthesize('prod')).workloads.dataset!;
});

const machine = () => ofType(template, 'AWS::StepFunctions::StateMachine')[0]![1];

describe('a state machine', () => {
  it('is the very file of statemachines/, with something in place of every placeholder', () => {
    const { DefinitionString, DefinitionSubstitutions } = machine();
    const asked = Array.from(DefinitionString.matchAll(/\$\{([^}]+)\}/g), ([, name]: string[]) => name!);
    expect(new Set(asked)).toEqual(new Set(Object.keys(DefinitionSubstitutions)));
    expect(JSON.parse(DefinitionString).StartAt).toBe('ValidateInput');
  });

  it('asks for every task at the size of its job, on Fargate for the task and on a machine for its container', () => {
    const { States } = JSON.parse(machine().DefinitionString);
    const overrides = (state: Properties) => state.Parameters.Overrides;
    const { DetectObjects, DetectObjectsOnCpu } = States.DetectShards.ItemProcessor.States;
    for (const [step, state] of [
      ['ExtractFrames', States.ExtractFrames],
      ['DetectObjects', DetectObjectsOnCpu],
    ]) {
      expect(overrides(state)).toMatchObject({
        'Cpu.$': `States.Format('{}', $.size.${step}.Cpu)`,
        'Memory.$': `States.Format('{}', $.size.${step}.Memory)`,
      });
    }
    expect(overrides(DetectObjects)['Memory.$']).toBeUndefined();
    expect(overrides(DetectObjects).ContainerOverrides[0]['Memory.$']).toBe('$.size.DetectObjects.Memory');
  });

  it('logs everything but what goes through it, and is traced', () => {
    expect(machine()).toMatchObject({
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });

  it('has a version for each definition and an alias that moves to it, by steps in production (pitfall 39)', () => {
    const [[, version]] = ofType(template, 'AWS::StepFunctions::StateMachineVersion') as [[string, Properties]];
    expect(version.StateMachineRevisionId['Fn::GetAtt'][1]).toBe('StateMachineRevisionId');
    const preferenceOf = (from: Template) =>
      ofType(from, 'AWS::StepFunctions::StateMachineAlias')[0]![1].DeploymentPreference;
    expect(preferenceOf(template)).toMatchObject({ Type: 'ALL_AT_ONCE' });
    expect(preferenceOf(production)).toMatchObject({ Type: 'CANARY', Percentage: 10, Interval: 30 });
  });

  it('may do all that `.sync` asks for, each on what is ours (pitfall 11)', () => {
    const policies = ofType(template, 'AWS::IAM::Policy').filter(([id]) => id.startsWith('StateMachineRole'));
    const statements = policies.flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement as Properties[]);
    const onResource = (action: string) => {
      const found = statements.filter(({ Action }) => [Action].flat().includes(action));
      expect(found, action).toHaveLength(1);
      return { resource: JSON.stringify(found[0]!.Resource), condition: JSON.stringify(found[0]!.Condition ?? {}) };
    };
    expect(onResource('ecs:RunTask').resource).toContain('task-definition/stepreel-dev-dataset-ExtractFrames:*');
    expect(onResource('ecs:RunTask').condition).toContain('cluster/stepreel-dev');
    expect(onResource('ecs:StopTask').resource).toContain('task/stepreel-dev/*');
    expect(onResource('ecs:DescribeTasks').resource).toContain('task/stepreel-dev/*');
    for (const action of ['events:PutTargets', 'events:PutRule', 'events:DescribeRule']) {
      expect(onResource(action).resource).toContain('rule/StepFunctionsGetEventsForECSTaskRule');
    }
    expect(onResource('iam:PassRole').condition).toContain('ecs-tasks.amazonaws.com');
    expect(onResource('ecs:TagResource').condition).toContain('RunTask');
    expect(onResource('lambda:InvokeFunction').resource).not.toContain('*');
  });
});

describe('a task definition', () => {
  const tasks = () => ofType(template, 'AWS::ECS::TaskDefinition').map(([, task]) => task);

  it('is there for each container state, the CPU twin of a GPU step among them', () => {
    expect(
      tasks()
        .map(({ Family }) => Family)
        .sort(),
    ).toEqual([
      'stepreel-dev-dataset-DetectObjects',
      'stepreel-dev-dataset-DetectObjectsOnCpu',
      'stepreel-dev-dataset-ExtractFrames',
    ]);
  });

  it('has one container, hardened: no root, no capabilities, nothing to write to but the scratch volume (pitfall 12)', () => {
    for (const { ContainerDefinitions, Volumes } of tasks()) {
      expect(ContainerDefinitions).toHaveLength(1);
      const [container] = ContainerDefinitions;
      expect(container).toMatchObject({
        Name: 'task',
        User: '10001:10001',
        ReadonlyRootFilesystem: true,
        LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
        StopTimeout: 120,
        MountPoints: [{ ContainerPath: '/scratch', ReadOnly: false, SourceVolume: 'scratch' }],
        LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking' } },
      });
      expect(container.Privileged ?? false).toBe(false);
      expect(Volumes.map(({ Name }: { Name: string }) => Name)).toEqual(['scratch']);
      const variables = Object.fromEntries(
        container.Environment.map((one: { Name: string; Value: unknown }) => [one.Name, one.Value]),
      );
      expect(variables).toMatchObject({ STEPREEL_SCRATCH: '/scratch', STEPREEL_JOBS_TABLE: 'stepreel-dev-jobs' });
    }
  });

  it('has the disk that the step declares, and room for the image', () => {
    const extract = tasks().find(({ Family }) => Family.endsWith('ExtractFrames'))!;
    expect(extract.EphemeralStorage).toEqual({ SizeInGiB: 65 });
    expect(extract).toMatchObject({ Cpu: '2048', Memory: '4096', RequiresCompatibilities: ['FARGATE'] });
  });

  it('takes a GPU where its state is placed on one, and the image that is made for it', () => {
    const gpu = tasks().find(({ Family }) => Family.endsWith('-DetectObjects'))!;
    expect(gpu.RequiresCompatibilities).toEqual(['EC2']);
    expect(gpu.ContainerDefinitions[0].ResourceRequirements).toEqual([{ Type: 'GPU', Value: '1' }]);
    expect(JSON.stringify(gpu.ContainerDefinitions[0].Image)).toContain('stepreel-dev-inference-gpu');
  });
});

describe('an image', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const images = (pinned: string | null) => ({
    unpinnedAllowed: false,
    images: Object.fromEntries(
      ['media', 'inference', 'inference-gpu', 'photogrammetry', 'photogrammetry-gpu'].map((name) => [
        name,
        { repository: `stepreel-<stage>-${name}`, digest: pinned },
      ]),
    ),
  });

  it('is deployed by its digest', async () => {
    const { workloads } = await synthesize('dev', { images: images(digest) });
    for (const [, { ContainerDefinitions }] of ofType(workloads.dataset!, 'AWS::ECS::TaskDefinition')) {
      expect(JSON.stringify(ContainerDefinitions[0].Image)).toContain(digest);
    }
  });

  it('without a digest is not deployed, and the error says what to do', async () => {
    const { errors } = await synthesize('dev', { images: images(null) });
    expect(errors).toContainEqual(expect.stringMatching(/The image media has no digest.*npm run pin/));
  });
});

it('every Lambda step has a function under its name', () => {
  const functions = ofType(template, 'AWS::Lambda::Function').map(([, { FunctionName }]) => FunctionName);
  const steps = Object.entries(dataset.steps).filter(([, { runs }]) => runs === 'lambda');
  expect(functions.sort()).toEqual(steps.map(([step]) => `stepreel-dev-dataset-${kebabCase(step)}`).sort());
});
