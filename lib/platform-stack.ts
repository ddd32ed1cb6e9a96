import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './constructs/alarms.ts';
import { Api } from './constructs/api.ts';
import { Buckets } from './constructs/buckets.ts';
import { Budget } from './constructs/budget.ts';
import { Cluster } from './constructs/cluster.ts';
import { Encryption } from './constructs/encryption.ts';
import { EventRules } from './constructs/event-rules.ts';
import type { ImageLock } from './constructs/images.ts';
import { Network } from './constructs/network.ts';
import { NoticeBus } from './constructs/notices.ts';
import { Outside } from './constructs/outside.ts';
import { PlatformAlarms } from './constructs/platform-alarms.ts';
import { PlatformDashboard } from './constructs/platform-dashboard.ts';
import { PlatformFunctions } from './constructs/platform-functions.ts';
import { Queues } from './constructs/queues.ts';
import { Registry } from './constructs/registry.ts';
import { Schedules } from './constructs/schedules.ts';
import { Tables } from './constructs/tables.ts';
import { UserPool } from './constructs/user-pool.ts';
import type { Settings, Stage } from './settings.ts';

export interface PlatformStackProps extends StackProps {
  stage: Stage;
  settings: Settings;
  images: ImageLock;
}

/** What all workloads share. It knows none of them: one more leaves this template as it is, byte for byte. */
export class PlatformStack extends Stack {
  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, { stage, settings, images, ...props }: PlatformStackProps) {
    super(scope, id, {
      ...props,
      description: `Stepreel ${stage}: network, cluster, stores, queues and the jobs API.`,
    });
    this.zones = settings.zones;

    const encryption = new Encryption(this, 'Encryption', { stage, settings });
    const network = new Network(this, 'Network', { stage, settings });
    const cluster = new Cluster(this, 'Cluster', { stage, settings, encryption, network });
    const buckets = new Buckets(this, 'Buckets', { stage, settings, encryption });
    const tables = new Tables(this, 'Tables', { stage, settings, encryption });
    const queues = new Queues(this, 'Queues', { stage, settings, encryption });
    new Registry(this, 'Registry', { stage, images });

    const userPool = new UserPool(this, 'UserPool', { stage, settings });
    const functions = new PlatformFunctions(this, 'Functions', { stage, settings, encryption, queues, userPool });
    const outside = new Outside(this, 'Outside', { stage, settings, network, cluster, queues });
    const { registration } = outside;
    const api = new Api(this, 'Api', { stage, settings, encryption, functions, registration });
    new EventRules(this, 'EventRules', { stage, queues, buckets, cluster, sweep: functions.sweep });
    new Schedules(this, 'Schedules', { stage, settings, orders: functions.orders });
    new NoticeBus(this, 'NoticeBus', { stage, queues });

    const alarms = new Alarms(this, 'Alarms', { stage, settings, encryption });
    const watched = { stage, api, functions: { byName: { ...functions.byName, ...outside.byName } }, queues };
    new PlatformAlarms(this, 'PlatformAlarms', { ...watched, settings, alarms, tables });
    new PlatformDashboard(this, 'Dashboard', { ...watched, cluster });
    new Budget(this, 'Budget', { stage, settings, topic: alarms.topic });
  }

  override get availabilityZones(): string[] {
    return [...this.zones];
  }
}
