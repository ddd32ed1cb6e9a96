import { RemovalPolicy } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { namesOf } from './names.ts';

/**
 * The stage's key. The alarm topic always needs it, because CloudWatch can't publish under the service's own key; data
 * is under it where the settings ask for a customer key, else under the services' own.
 */
export class Encryption extends Construct {
  readonly key: IKey;
  /** Set where buckets, tables, queues and logs are under our key. */
  readonly dataKey?: IKey;

  constructor(scope: Construct, id: string, { stage, settings }: { stage: Stage; settings: Settings }) {
    super(scope, id);
    const names = namesOf(this, stage);
    const key = new Key(this, 'Key', {
      alias: names.keyAlias,
      description: `Stepreel ${stage}`,
      enableKeyRotation: true,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const services = ['cloudwatch', 'events', 'budgets'].map((name) => new ServicePrincipal(`${name}.amazonaws.com`));
    for (const service of services) key.grantEncryptDecrypt(service);
    this.key = key;
    if (!settings.customerKey) return;
    key.grantEncryptDecrypt(new ServicePrincipal(`logs.${settings.region}.amazonaws.com`));
    this.dataKey = key;
  }
}
