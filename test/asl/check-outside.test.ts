import { describe, expect, it } from 'vitest';
import { checkMachine } from '#asl/check';
import type { Machine } from '#asl/definition';
import { loadOutside } from '#runtime/outside/outside-workload';
import { aWorkloadFolder } from '../helpers/programs.ts';

const command = ['./run'];

// biome-ignore lint/suspicious/noExplicitAny: a test bends a machine in ways that its type refuses.
type Bent = any;

describe('a machine from outside may not say what the platform says', () => {
  it.each([
    {
      name: 'another role for its task',
      change: (task: Bent) => {
        task.Parameters.Overrides.TaskRoleArn = 'arn:aws:iam::1:role/other';
      },
    },
    {
      name: 'another cluster',
      change: (task: Bent) => {
        task.Parameters.Cluster = 'arn:aws:ecs:us-east-1:1:cluster/other';
      },
    },
    {
      name: 'a command in place of the image’s',
      change: (task: Bent) => {
        task.Parameters.Overrides.ContainerOverrides[0].Command = ['sh'];
      },
    },
    {
      name: 'an address on the internet',
      change: (task: Bent) => {
        task.Parameters.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp = 'ENABLED';
      },
    },
  ])('$name', async ({ change }) => {
    expect(await problemsWith(change)).toEqual([
      expect.stringMatching(/^RunModel must have the Parameters of a standard machine: /),
    ]);
  });

  it('the rights of another role for a state', async () => {
    const problems = await problemsWith((task) => {
      task.Credentials = { RoleArn: 'arn:aws:iam::1:role/other' };
    });
    expect(problems).toEqual(['RunModel has Credentials; the platform says what a state may do.']);
  });
});

it('steps on a GPU and its twin are as the standard machine has them', async () => {
  const steps = { RunModel: { command, devices: ['gpu', 'cpu'] } };
  const workload = await loadOutside(aWorkloadFolder('', { steps }));
  expect(checkMachine(workload.outside!.machine as Machine, workload)).toEqual([]);
});

async function problemsWith(change: (task: Bent) => void): Promise<string[]> {
  const workload = await loadOutside(aWorkloadFolder(''));
  const machine = structuredClone(workload.outside!.machine) as Bent;
  change(machine.States.RunModel);
  return checkMachine(machine, workload);
}
