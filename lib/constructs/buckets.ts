import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { RetentionDays, Settings, Stage } from '../settings.ts';
import type { Encryption } from './encryption.ts';
import { accept } from './grant.ts';
import { type BucketUse, namesOf } from './names.ts';

interface BucketsProps {
  stage: Stage;
  settings: Settings;
  encryption: Encryption;
}

/**
 * The status page reads files of results with links that we signed: the signature is what lets it in. A player asks for
 * parts of a video.
 */
const READ_BY_PAGES: s3.CorsRule[] = [
  {
    allowedMethods: [s3.HttpMethods.GET, s3.HttpMethods.HEAD],
    allowedOrigins: ['*'],
    allowedHeaders: ['Range'],
    exposedHeaders: ['Content-Length', 'Content-Range'],
    maxAge: 3_600,
  },
];

/** Where media lies: what comes in, what is worked on, what comes out, models, and who read what. */
export class Buckets extends Construct {
  readonly uploads: s3.Bucket;
  private readonly props: BucketsProps;
  private readonly logs: s3.IBucket;

  constructor(scope: Construct, id: string, props: BucketsProps) {
    super(scope, id);
    this.props = props;
    const days = props.settings.retentionDays;
    this.logs = this.addLogBucket(days);
    this.uploads = this.add('uploads', {
      versioned: true,
      lifecycleRules: [expireAfter(days.uploads)],
      // A browser posts with a form that we signed, or puts parts: the signature is what lets it in, wherever the page came
      // from. What a part was answered with is its ETag.
      cors: [
        {
          allowedMethods: [s3.HttpMethods.POST, s3.HttpMethods.PUT],
          allowedOrigins: ['*'],
          allowedHeaders: ['*'],
          exposedHeaders: ['ETag'],
          maxAge: 3_600,
        },
      ],
    });
    announceObjects(this.uploads);
    this.add('work', { cors: READ_BY_PAGES, lifecycleRules: [expireAfter(days.work)] });
    this.add('results', {
      versioned: true,
      cors: READ_BY_PAGES,
      lifecycleRules: [tierAfter(days), expireOldVersions(days.work)],
    });
    this.add('models', { versioned: true, lifecycleRules: [expireOldVersions(days.accessLogs)] });
  }

  private add(use: BucketUse, options: s3.BucketProps): s3.Bucket {
    const { stage, encryption } = this.props;
    return new s3.Bucket(this, use, {
      ...this.safe(),
      bucketName: namesOf(this, stage).bucket(use),
      ...(encryption.dataKey
        ? { encryption: s3.BucketEncryption.KMS, encryptionKey: encryption.dataKey, bucketKeyEnabled: true }
        : { encryption: s3.BucketEncryption.S3_MANAGED }),
      serverAccessLogsBucket: this.logs,
      serverAccessLogsPrefix: `${use}/`,
      ...options,
    });
  }

  /** S3 writes access logs under its own keys only. */
  private addLogBucket({ accessLogs }: RetentionDays): s3.IBucket {
    const bucket = new s3.Bucket(this, 'logs', {
      ...this.safe(),
      bucketName: namesOf(this, this.props.stage).bucket('logs'),
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [expireAfter(accessLogs)],
    });
    accept(bucket, 'AwsSolutions-S1', 'It holds the access logs: logging those would never end.');
    return bucket as s3.IBucket;
  }

  private safe(): s3.BucketProps {
    return {
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: this.props.settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
  }
}

/** New objects become events. Said on the bucket itself; the CDK's own switch would bring a function to say it. */
function announceObjects(bucket: s3.Bucket): void {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}

// An upload that stopped half-way costs as much as one that did not, and nobody sees it.
const ABANDONED = Duration.days(1);

function expireAfter(days: number): s3.LifecycleRule {
  return {
    id: `expire-after-${days}-days`,
    expiration: Duration.days(days),
    noncurrentVersionExpiration: Duration.days(1),
    abortIncompleteMultipartUploadAfter: ABANDONED,
  };
}

function expireOldVersions(days: number): s3.LifecycleRule {
  return {
    id: `old-versions-expire-after-${days}-days`,
    noncurrentVersionExpiration: Duration.days(days),
    abortIncompleteMultipartUploadAfter: ABANDONED,
  };
}

function tierAfter({ resultsInfrequent, resultsArchive }: RetentionDays): s3.LifecycleRule {
  return {
    id: `tier-after-${resultsInfrequent}-and-${resultsArchive}-days`,
    transitions: [
      { storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(resultsInfrequent) },
      { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(resultsArchive) },
    ],
  };
}
