import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import type { Encryption } from './encryption.ts';
import { namesOf, type TableUse } from './names.ts';

interface TablesProps {
  stage: Stage;
  settings: Settings;
  encryption: Encryption;
}

/** Jobs and their attempts, requests that were answered already, and the teams behind credentials. */
export class Tables extends Construct {
  readonly all: dynamodb.Table[];
  private readonly props: TablesProps;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    this.props = props;
    const jobs = this.add('jobs', { partitionKey: text('id'), sortKey: text('item'), timeToLiveAttribute: 'ttl' });
    // Only jobs that wait to be started have the key, so the index is as small as the queue.
    jobs.addGlobalSecondaryIndex({
      indexName: 'queued',
      partitionKey: text('queued'),
      sortKey: text('createdAt'),
      projectionType: dynamodb.ProjectionType.KEYS_ONLY,
    });
    // Filters look at the index alone. Progress, which is written every second, is not in it and costs it nothing.
    jobs.addGlobalSecondaryIndex({
      indexName: 'by-team',
      partitionKey: text('team'),
      sortKey: text('listed'),
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: ['status', 'workload', 'project'],
    });
    // Only members of batches have the key.
    jobs.addGlobalSecondaryIndex({
      indexName: 'by-batch',
      partitionKey: text('batch'),
      sortKey: text('listed'),
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: ['status', 'workload', 'project', 'team'],
    });
    const idempotency = this.add('idempotency', { partitionKey: text('id'), timeToLiveAttribute: 'expiration' });
    const teams = this.add('teams', { partitionKey: text('credential') });
    this.all = [jobs, idempotency, teams];
  }

  private add(use: TableUse, options: Pick<dynamodb.TableProps, 'partitionKey' | 'sortKey' | 'timeToLiveAttribute'>) {
    const { stage, settings, encryption } = this.props;
    return new dynamodb.Table(this, use, {
      tableName: namesOf(this, stage).table(use),
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...(encryption.dataKey
        ? { encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED, encryptionKey: encryption.dataKey }
        : { encryption: dynamodb.TableEncryption.AWS_MANAGED }),
      deletionProtection: settings.keepData,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...options,
    });
  }
}

function text(name: string): dynamodb.Attribute {
  return { name, type: dynamodb.AttributeType.STRING };
}
